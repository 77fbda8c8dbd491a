import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../harness/core/random.ts';
import type { SuiteDocument } from '../../harness/core/suite/document.ts';
import { ROOT, startChaos } from '../helpers/chaos.ts';
import { leftovers } from '../helpers/docker.ts';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';

// Runs one suite undisturbed, and once more with kills at random moments, resumed to its end.
const HELP = `Usage: npm run suites -- [--kills 10] [--seed 1] [--write]
  --kills N   how often the suite's process is killed (SIGKILL) before it may come to its end
  --seed N    draws the moments
  --write     write the table into docs/suites.md
Exit 1 when an experiment was not done exactly once, something was left, or the undisturbed suite took more than
1.15 times its phases.
Example: npm run suites -- --kills 3`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** The moments of the kills: this long after the suite was started or resumed, seconds. */
const MOMENT_S = { least: 4, most: 160 };

/** The phases are those of the experiment: of shorter ones, what a suite does between them would be a larger share. */
const SUITE = `title: A replica is killed, three times
order: written
experiments:
  - file: ${ROOT}/experiments/app-replica-kill.yaml
    with: { seed: [1, 2, 3] }
`;

/** The wall time of an undisturbed suite is at most so many times its phases. */
const MOST_TIMES = 1.15;

interface Done {
  readonly document: SuiteDocument;
  readonly kills: number;
  readonly left: readonly string[];
}

/** Carries a suite out. Kills its process so many times at random moments, and resumes it each time. */
async function carryOut(file: string, kills: number, random: () => number): Promise<Done> {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-suites-'));
  const args = ['suite', file, '--reports', reports, '--json'];
  let killed = 0;
  for (;;) {
    const running = startChaos(killed === 0 ? args : [...args, '--resume']);
    if (killed < kills) {
      const ms = (MOMENT_S.least + random() * (MOMENT_S.most - MOMENT_S.least)) * 1_000;
      const over = await Promise.race([running.ended.then(() => true), delay(ms, false)]);
      if (!over) {
        running.child.kill('SIGKILL');
        killed += 1;
        say(`killed for the ${killed}. time, after ${(ms / 1_000).toFixed(1)} s`);
        await running.ended;
        continue;
      }
    }
    const { stdout, stderr } = await running.ended;
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return { document: JSON.parse(stdout) as SuiteDocument, kills: killed, left: await leftovers() };
  }
}

/** What is not as it must be, in words. */
const wrongIn = ({ document, left }: Done): string[] => [
  ...document.experiments.flatMap(({ key, attempts }) =>
    attempts.length === 1 ? [] : [`${key} was done ${attempts.length} times`],
  ),
  ...document.not_run.map(({ key }) => `${key} was not done`),
  ...left.map((what) => `left: ${what}`),
];

function rowOf(name: string, { document, kills, left }: Done): string {
  const { experiments, wall_s, phases_s, verdict } = document;
  const broken = experiments.reduce((sum, one) => sum + one.broken.length, 0);
  const once = experiments.filter(({ attempts }) => attempts.length === 1).length;
  const ratio = (wall_s / phases_s).toFixed(2);
  return `| ${[name, kills, broken, `${once} of ${experiments.length}`, left.join('; ') || 'nothing', verdict, wall_s.toFixed(0), phases_s.toFixed(0), ratio].join(' | ')} |`;
}

async function measure(): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-suite-')), 'kills.yaml');
  writeFileSync(file, SUITE);
  const random = seededRandom(Number(values.seed));
  const undisturbed = await carryOut(file, 0, random);
  const killed = await carryOut(file, Number(values.kills), random);
  const table = [
    '| suite | kills | runs that a kill ended | experiments done once | left | verdict | wall, s | phases, s | wall over phases |',
    '| --- | ---: | ---: | ---: | --- | --- | ---: | ---: | ---: |',
    rowOf('undisturbed', undisturbed),
    rowOf('killed and resumed', killed),
    '',
    measuredOn(['npm run suites --', ...process.argv.slice(2)].join(' ')),
  ].join('\n');
  say(`\n${table}`);
  if (values.write) await writeParts('docs/suites.md', 'suites', ['kills', 'attribution'], new Map([['kills', table]]));
  const times = undisturbed.document.wall_s / undisturbed.document.phases_s;
  const slow = times <= MOST_TIMES ? [] : [`the undisturbed suite took ${times.toFixed(2)} times its phases`];
  const wrong = [...wrongIn(undisturbed), ...wrongIn(killed), ...slow];
  if (wrong.length === 0) return;
  say(`not as it must be: ${wrong.join('; ')}`);
  process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
