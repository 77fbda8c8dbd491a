#!/bin/sh
# The fast loop on two cores: types, lint, format and dead code beside the tests that need no containers. Many tests wait
# for processes, sockets and files, so more files than cores are tried at once. `npm test` tries one file at a time.
set -u
log=$(mktemp)
began=$(date +%s)

npm run --silent static >"$log" 2>&1 &
static=$!
trap 'kill "$static" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
# The folders with the longest files come first: a long file that begins last is waited for alone.
mocha --parallel --jobs 6 'test/cli/**/*.test.ts' 'test/unit/@(session|modes)/**/*.test.ts' \
  'test/contract/**/*.test.ts' 'test/unit/!(session|modes)/**/*.test.ts' 'test/unit/*.test.ts'
tested=$?
wait "$static"
checked=$?
trap - INT TERM
cat "$log"
rm -f "$log"
echo "checked in $(($(date +%s) - began)) s: $([ "$tested" -eq 0 ] && [ "$checked" -eq 0 ] && echo "all well" || echo "something failed, see above")"
[ "$tested" -eq 0 ] && [ "$checked" -eq 0 ]
