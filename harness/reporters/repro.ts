import { redact } from '../core/text/redact.ts';
import type { Reporter } from '../core/record/run.ts';
import { visible } from '../core/text/visible.ts';
import { headline } from './wording/headline.ts';
import { shellQuote } from './wording/rerun.ts';

/** repro.sh: a script that runs the experiment again with the same file, values and seed. */
const reporter: Reporter = {
  name: 'repro',
  file: 'repro.sh',
  render({ document, history }) {
    const { environment, run, seed, verdict } = document;
    const { file, overrides } = history.plan;
    const sets = overrides.filter((set) => !set.startsWith('seed=')).flatMap((set) => ['--set', set]);
    const args = ['run', file, '--seed', String(seed), ...sets].map(shellQuote).join(' ');
    const comments = [
      `Runs this experiment again: run ${run}, ${verdict}.`,
      headline(document),
      `chaos ${environment.harness} carried it out: commit ${environment.commit || 'unknown'}${environment.dirty ? ' with uncommitted changes' : ''}, Node ${environment.node}.`,
    ];
    return redact(`#!/bin/sh
${comments.map((line) => `# ${visible(line.replaceAll(/[\r\n]+/g, ' '))}`).join('\n')}
set -eu
# The checkout, or the project in which chaos is installed: CHAOS_ROOT, or a folder above this one.
root=\${CHAOS_ROOT:-$(cd "$(dirname "$0")" && pwd)}
until [ -x "$root/harness/chaos" ] || [ -x "$root/node_modules/.bin/chaos" ]; do
  if [ "$root" = / ]; then
    echo "$0: no folder above this one holds harness/chaos: set CHAOS_ROOT" >&2
    exit 2
  fi
  root=$(dirname "$root")
done
cd "$root"
chaos=harness/chaos
[ -x "$chaos" ] || chaos=node_modules/.bin/chaos
exec "$chaos" ${args} "$@"
`);
  },
};

export default reporter;
