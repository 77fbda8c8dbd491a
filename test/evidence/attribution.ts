import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../harness/core/random.ts';
import { chaos } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { carryOut, type Done } from './attribution/carry-out.ts';
import { drawNights, filesOf, type Release, TROUBLES } from './attribution/nights.ts';
import { attributionTable, describeNight, flakesOf, rightOf } from './attribution/table.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';

// Makes nights red for a known reason, and counts how often the reason is found in the record.
const HELP = `Usage: npm run attribution -- [--nights 10] [--only hog,killed,disk,regression] [--seed 1] [--write]
  --nights N    how many nights of each trouble; a night is one run of four phases of 10 s, about a minute
  --only NAMES  ${TROUBLES.join(', ')}; sound: 3 nights without a trouble; both: a regression and a hog, N/5 nights
  --seed N      draws the moments, the hogs and the seeds of the runs
  --write       write the table into docs/suites.md
Needs root, to mount a disk that becomes full. After Ctrl-C the night at work ends in order, and the topology is removed.
Exit 1 when fewer than 95 % of the nights are attributed as they must be, a real fault is blamed on the host or the harness,
or something is left.
Example: npm run attribution -- --nights 1 --only hog,regression`;

const { values } = parseArgs({
  options: {
    nights: { type: 'string', default: '10' },
    only: { type: 'string', default: TROUBLES.join(',') },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const topology = async (verb: 'up' | 'down', { env }: Release, files: readonly string[]): Promise<void> => {
  const { code, stderr } = await chaos(['topology', verb, ...files.flatMap((file) => ['--file', file])], env);
  if (code !== 0) throw new Error(stderr);
};

async function measure(): Promise<void> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'chaos-attribution-'));
  const wanted = TROUBLES.filter((trouble) => values.only.split(',').includes(trouble));
  const nights = drawNights(wanted, Number(values.nights), seededRandom(Number(values.seed)));
  const done: Done[] = [];
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  for (const [release, same] of Map.groupBy(nights, (night) => night.release)) {
    const files = filesOf(release, folder);
    // Containers of another release would stay.
    await topology('down', release, files);
    if (stop.signal.aborted) break;
    await topology('up', release, files);
    try {
      for (const night of same) {
        if (stop.signal.aborted) break;
        const one = await carryOut(night, { folder, reports: join(folder, 'reports'), stop: stop.signal });
        done.push(one);
        say(`${done.length}/${nights.length} ${describeNight(one)}`);
      }
    } finally {
      await topology('down', release, files);
    }
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(0);
  const table = [
    '## How often the fault is found',
    '',
    attributionTable(done),
    '',
    `${measuredOn(['npm run attribution --', ...process.argv.slice(2)].join(' '))} It took ${minutes} minutes.`,
  ].join('\n');
  say(`\n${table}\n\nThe runs are kept in ${folder}.`);
  if (values.write)
    await writeParts('docs/suites.md', 'suites', ['kills', 'attribution'], new Map([['attribution', table]]));
  const enough = rightOf(done).length >= 0.95 * done.length;
  if (!enough || flakesOf(done).length > 0 || done.some(({ left }) => left.length > 0)) process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
