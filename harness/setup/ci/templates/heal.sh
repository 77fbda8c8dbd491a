#!/bin/sh
# Puts back what a suite that was killed has left. Ends with 6 when something is left, and `chaos heal` names it.
set -u
set --
for file in ${CHAOS_CI_TOPOLOGY:-}; do
  set -- "$@" --file "$file"
done

# shellcheck disable=SC2086 -- the command may be several words
exec ${CHAOS_CI_COMMAND:-npx --no-install chaos} heal --reports "${CHAOS_CI_REPORTS:-reports}" "$@"
