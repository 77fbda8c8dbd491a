#!/bin/sh
# Makes a machine ready, from a fresh clone: installs the npm packages (Node 24 is among them), then runs `chaos setup`
# with the arguments of this script. `npm start` and `npm test` run this script, and `npm test` gives it --for-tests. It
# takes well under a second when nothing is missing.
set -eu
root=$(CDPATH='' cd -P "$(dirname "$0")/../.." && pwd)
lock=$root/package-lock.json
installed=$root/node_modules/.package-lock.json

if [ ! -f "$installed" ] || [ "$lock" -nt "$installed" ]; then
  mkdir -p "$root/.chaos"
  log=$root/.chaos/npm-ci.log
  began=$(date +%s)
  echo "set-up: npm ci (packages of the harness, Node 24 among them) ..."
  ( cd "$root" && exec npm ci --no-audit --no-fund ) >"$log" 2>&1 &
  npm=$!
  trap 'kill "$npm" 2>/dev/null; exit 130' INT
  trap 'kill "$npm" 2>/dev/null; exit 143' TERM
  beat=0
  while kill -0 "$npm" 2>/dev/null; do
    sleep 1
    beat=$((beat + 1))
    [ $((beat % 5)) -ne 0 ] || echo "  npm ci ... $(($(date +%s) - began)) s so far"
  done
  status=0
  wait "$npm" || status=$?
  trap - INT TERM
  if [ "$status" -ne 0 ]; then
    grep -v '^npm warn' "$log" | head -n 15 >&2 || true
    echo "chaos: npm ci failed (exit $status); its output is in .chaos/npm-ci.log." >&2
    echo "Make sure that npm can reach a package registry. Then run this again." >&2
    exit 3
  fi
  echo "  npm ci ... $(($(date +%s) - began)) s"
fi

exec "$root/harness/chaos" setup "$@"
