import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chaos, ROOT } from '../helpers/chaos.ts';
import { EXPERIMENTS, experimentTable, flagshipTable, runExperiments } from './experiments.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { compareUps, upTable } from './up.ts';

// Full-length figures, measured, into docs/evidence.md.
const HELP = `Usage: npm run evidence -- [--repeat 3] [--flagship 10] [--ups 3] [--only NAME]
  --repeat N     runs of each experiment
  --flagship N   runs of postgres-primary-loss
  --ups N        times from nothing, beside docker compose
  --only NAME    one experiment only; docs/evidence.md is not written
Example: npm run evidence -- --repeat 1 --flagship 1`;

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    flagship: { type: 'string', default: '10' },
    ups: { type: 'string', default: '3' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function measure(): Promise<void> {
  const { repeat, flagship, ups, only } = values;
  const parts: string[] = [];
  const upped = only === undefined ? await compareUps(Number(ups)) : [];
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  const wanted = EXPERIMENTS.filter((e) => only === undefined || e === only);
  const runs = await runExperiments(wanted, (e) => Number(e === 'postgres-primary-loss' ? flagship : repeat));
  parts.push(experimentTable(runs));
  const flagships = runs.get('postgres-primary-loss');
  if (flagships !== undefined) parts.push(flagshipTable(flagships));
  if (only === undefined) parts.push(upTable(upped));
  await chaos(['topology', 'down']);
  const command = `npm run evidence -- --repeat ${repeat} --flagship ${flagship} --ups ${ups}`;
  const page = `# Evidence\n\n${measuredOn(command)}\n\n${parts.join('\n\n')}\n`;
  say(page);
  if (only !== undefined) return;
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  writeFileSync(join(ROOT, 'docs', 'evidence.md'), page);
}

if (values.help) say(HELP);
else await measure();
