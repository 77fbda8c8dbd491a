#!/bin/sh
# Every test. Those without containers come first, two files at a time. Those against containers have the host for
# themselves, one file at a time. The last line has the counts of both.
set -u
. test/without-containers.sh
CHAOS_COUNTS=$(mktemp)
export CHAOS_COUNTS
trap 'rm -f "$CHAOS_COUNTS"; exit 130' INT TERM
without_containers 2
without=$?
mocha 'test/integration/**/*.test.ts'
with=$?
rm -f "$CHAOS_COUNTS"
[ "$without" -eq 0 ] && [ "$with" -eq 0 ]
