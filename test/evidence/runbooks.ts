import { parseArgs } from 'node:util';
import type { RunbooksDocument } from '../../harness/core/runbook/many.ts';
import { startChaos } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { runbookTable } from './runbook-table.ts';

// Validates every shipped runbook on the sound topology, in one command.
const HELP = `Usage: npm run runbooks -- [--minutes 75] [--seed 1] [--resume] [--write]
  --minutes N   no runbook and no more arms are begun for which this time does not suffice
  --seed N      draws the order of the runbooks and of their arms
  --resume      validates only what an earlier call at this commit has not decided
  --write       writes the table into docs/runbooks.md
Exit 1 when a runbook is not proven, or was not begun.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '75' },
    seed: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function measure(): Promise<void> {
  const args = ['runbook', 'validate', '--within', `${values.minutes}m`, '--seed', values.seed, '--json'];
  const running = startChaos(values.resume ? [...args, '--resume'] : args);
  const { stdout, stderr } = await running.ended;
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const document = JSON.parse(stdout) as RunbooksDocument;
  const table = [
    runbookTable(document),
    '',
    `The last call took ${Math.round(document.took_s / 60)} minutes. ${measuredOn(['npm run runbooks --', ...process.argv.slice(2)].join(' '))}`,
  ].join('\n');
  say(`\n${table}`);
  if (values.write) await writeParts('docs/runbooks.md', 'runbooks', ['all'], new Map([['all', table]]));
  if (document.exit_code !== 0) process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
