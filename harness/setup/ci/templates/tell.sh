#!/bin/sh
# Says what the suite found: the summary, the pages of its runs, at most 10 annotations at file and line.
# `tell.sh github` or `tell.sh gitlab`. Never fails a job: the suite has said how the job ends.
set -u
here=$(dirname "$0")
out=${CHAOS_CI_OUT:-chaos-out}
mkdir -p "$out"
summary=$out/summary.md

if [ ! -s "$summary" ]; then
  code=$(cat "$out/exit-code" 2>/dev/null || echo none)
  case $code in
    2) why='The suite or an experiment has a mistake. Nothing was started.' ;;
    3) why='The runner or the system lacked something. Nothing was broken.' ;;
    70) why='chaos has a bug. The log of the step has the lines to send.' ;;
    none) why='The suite was killed. The step after it has put back what was left.' ;;
    *) why='The log of the step says why.' ;;
  esac
  printf '### The suite ended without a summary (exit code %s)\n\n%s\n' "$code" "$why" >"$summary"
fi
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"

node "$here/pages.mjs" "$out" "${CHAOS_CI_REPORTS:-reports}" || echo "chaos: the pages of the runs are missing" >&2
node "$here/annotate.mjs" "$1" "$out" "${CHAOS_CI_REPORTS:-reports}" || echo "chaos: the annotations are missing" >&2
exit 0
