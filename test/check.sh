#!/bin/sh
# The fast loop on two cores: types, lint, format and dead code beside the tests that need no containers. More files than
# cores are tried at once.
set -u
. test/without-containers.sh
log=$(mktemp)
began=$(date +%s)

npm run --silent static >"$log" 2>&1 &
static=$!
trap 'kill "$static" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
without_containers 6
tested=$?
wait "$static"
checked=$?
trap - INT TERM
cat "$log"
rm -f "$log"
echo "checked in $(($(date +%s) - began)) s: $([ "$tested" -eq 0 ] && [ "$checked" -eq 0 ] && echo "all well" || echo "something failed, see above")"
[ "$tested" -eq 0 ] && [ "$checked" -eq 0 ]
