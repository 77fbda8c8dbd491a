#!/bin/sh
# Carries out the suite. Ends with the exit code of `chaos suite`, or with 0 when CHAOS_CI_ACCEPT lists that code.
set -u
out=${CHAOS_CI_OUT:-chaos-out}
mkdir -p "$out" || exit 3

# shellcheck disable=SC2086 -- the command may be several words
${CHAOS_CI_COMMAND:-npx --no-install chaos} suite "$CHAOS_CI_SUITE" --reports "${CHAOS_CI_REPORTS:-reports}" \
  --junit "$out/junit.xml" --ctrf "$out/ctrf.json" --summary "$out/summary.md" --json >"$out/suite.json"
code=$?

echo "$code" >"$out/exit-code"
for accepted in ${CHAOS_CI_ACCEPT:-0}; do
  [ "$code" -ne "$accepted" ] || exit 0
done
exit "$code"
