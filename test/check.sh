#!/bin/sh
# The fast loop on two cores, in two lanes side by side. The one mostly waits: for processes, sockets and files. The other
# computes: types, lint, format, dead code, and the tests that only compute. `npm test` runs everything in one lane.
set -u
log=$(mktemp)
began=$(date +%s)

computes() {
  npm run --silent static || return 1
  mocha 'test/unit/!(load|session|control|record|store|disk|setup)/**/*.test.ts' 'test/unit/*.test.ts' 'test/contract/**/*.test.ts'
}

computes >"$log" 2>&1 &
lane=$!
trap 'kill "$lane" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
mocha 'test/unit/@(load|session|control|record|store|disk|setup)/**/*.test.ts' 'test/cli/**/*.test.ts'
waited=$?
wait "$lane"
computed=$?
trap - INT TERM
cat "$log"
rm -f "$log"
echo "two lanes in $(($(date +%s) - began)) s: $([ "$waited" -eq 0 ] && [ "$computed" -eq 0 ] && echo "all well" || echo "something failed, see above")"
[ "$waited" -eq 0 ] && [ "$computed" -eq 0 ]
