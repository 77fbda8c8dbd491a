import { redact } from '../core/redact.ts';
import type { Reporter } from '../core/run.ts';
import { headline } from './headline.ts';
import { shellQuote } from './rerun.ts';

/** A script that runs the experiment again: the same file, values and seed. */
export const repro: Reporter = {
  file: 'repro.sh',
  render({ document, history }) {
    const { environment, run, seed, verdict } = document;
    const { file, overrides } = history.plan;
    const sets = overrides.filter((set) => !set.startsWith('seed=')).flatMap((set) => ['--set', set]);
    const args = ['run', file, '--seed', String(seed), ...sets].map(shellQuote).join(' ');
    const comments = [
      `Runs this experiment again: run ${run}, ${verdict}.`,
      headline(document),
      `It was made by chaos ${environment.harness}, commit ${environment.commit || 'unknown'}${environment.dirty ? ' with changes not committed' : ''}, on Node ${environment.node}.`,
    ];
    return redact(`#!/bin/sh
${comments.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`).join('\n')}
set -eu
# The folder of the harness: above this one, or given by CHAOS_ROOT.
root=\${CHAOS_ROOT:-$(cd "$(dirname "$0")" && pwd)}
while [ ! -x "$root/harness/chaos" ]; do
  if [ "$root" = / ]; then
    echo "$0: harness/chaos is in no folder above this one: set CHAOS_ROOT" >&2
    exit 2
  fi
  root=$(dirname "$root")
done
cd "$root"
exec harness/chaos ${args} "$@"
`);
  },
};
