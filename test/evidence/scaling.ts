import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { History } from '../../harness/core/record/history.ts';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { catalogue } from '../../harness/main.ts';
import { readHistory } from '../../harness/record/read.ts';
import { runExperiment, summary } from '../helpers/chaos.ts';
import { interrupted } from '../helpers/interrupted.ts';
import { writeParts } from '../helpers/parts.ts';
import { down } from './down.ts';
import { say, median } from './figures.ts';
import { measuredOn } from './host.ts';
import { answeredBy, fiftyTables } from './scaling/fifty.ts';
import { composeReference, type Reference } from './scaling/reference.ts';
import { beside, saturdaySeconds, simulationTable, sourceOf } from './scaling/simulation.ts';
import type { Told } from './told.ts';
import { storedBy, storeTable } from './scaling/store.ts';

// How fast a scaler brings fifty replicas beside plain Compose, whether the simulation of a run comes near the run, and what
// a user's database has of it.
const HELP = `Usage: npm run scaling -- [--repeat 5] [--parts fifty,simulation,store] [--runs DIR,DIR] [--write]
  --repeat N     how often surge-to-fifty runs, and how often plain Compose scales (three times at most). For each
                 INCONCLUSIVE run another is made, up to twice N
  --parts NAMES  fifty: from the load's step to fifty replicas, beside docker compose up --scale; simulation: three runs beside
                 their simulations; store: the rows of auto_scaling_events in a PostgreSQL
  --runs DIRS    folders of runs that were made already. Those of surge-to-fifty count for fifty. The simulation is compared with
                 them instead of new ones; the model of each comes from another one, if possible of the same experiment
  --write        write the tables into docs/scaling-evidence.md; parts that were not measured stay as they are
The topology of the tests is removed before and after. Exit 1 when something is not as promised.
Example: npm run scaling -- --parts fifty --repeat 1`;

const PARTS = ['fifty', 'simulation', 'store'] as const;
const TITLES = { fifty: 'From 3 to 50', simulation: 'Simulated and real', store: 'The rows in PostgreSQL' } as const;
/** Plain Compose is measured so often at most: it takes as long as a run, and varies less. */
const MOST_REFERENCES = 3;
const WANTED = 50;
/** A busy host makes a run INCONCLUSIVE. So many times the wanted number of runs is made at most. */
const MOST_ATTEMPTS = 2;

/** What is simulated, each twice: the model of one run comes from the other. */
const SIMULATED = [
  { experiment: 'surge-to-fifty', set: [] },
  { experiment: 'surge-with-replica-kill', set: ['faults=[]'] },
  { experiment: 'saturday-surge', set: [] },
] as const;

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '5' },
    parts: { type: 'string', default: PARTS.join(',') },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const signal = interrupted();
/** The runs of this command, for the simulation. */
const histories: History[] = [];
let reference: readonly Reference[] = [];

const read = (dir: string): History => readHistory(dir, catalogue.faults);
const verdictOf = (dir: string): string =>
  (JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as RunDocument).verdict;
/** The folders that `--runs` names. */
const given = (): readonly string[] => values.runs?.split(',').map((dir) => resolve(dir)) ?? [];

async function run(
  experiment: string,
  set: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunDocument> {
  signal.throwIfAborted();
  const document = await runExperiment(
    [`experiments/${experiment}.yaml`, ...set.flatMap((text) => ['--set', text])],
    env,
  );
  say(summary(document));
  histories.push(read(document.dir));
  return document;
}

async function fifty(times: number): Promise<Told> {
  reference = await composeReference(WANTED, Math.min(times, MOST_REFERENCES), signal);
  const dirs = given().filter((dir) => read(dir).plan.name === 'surge-to-fifty');
  const conclusive = (): number => dirs.filter((dir) => verdictOf(dir) !== 'INCONCLUSIVE').length;
  while (conclusive() < times && dirs.length < times * MOST_ATTEMPTS) dirs.push((await run('surge-to-fifty')).dir);
  await down();
  return fiftyTables(
    dirs.map((dir) => answeredBy(read(dir), verdictOf(dir))),
    reference,
    times,
  );
}

async function store(): Promise<Told> {
  const stored = await storedBy((env) => run('saturday-surge', [], env));
  await down();
  return storeTable(stored, read(stored.document.dir));
}

/** Returns the runs that are simulated: the given ones, or one of each experiment, after another was made for its model. */
async function simulated(): Promise<readonly History[]> {
  if (values.runs !== undefined) {
    const targets = given().map(read);
    histories.push(...targets);
    return targets;
  }
  for (const { experiment, set } of SIMULATED) {
    const made = (): number => histories.filter(({ plan }) => plan.name === experiment).length;
    while (made() < 2) await run(experiment, set);
    await down();
  }
  return SIMULATED.flatMap(({ experiment }) => histories.findLast(({ plan }) => plan.name === experiment) ?? []);
}

async function simulation(): Promise<Told> {
  const targets = await simulated();
  const composeS = reference.length === 0 ? undefined : median(reference.map(({ upS }) => upS));
  const all = targets.map((target) => {
    const source = sourceOf(target, histories);
    if (source === undefined) throw new Error('a simulation needs another run for its model: name a second one');
    return beside(target, source, target.plan.name === 'surge-to-fifty' ? composeS : undefined);
  });
  return simulationTable(all, await saturdaySeconds());
}

async function measure(): Promise<void> {
  const parts = values.parts.split(',');
  const unknown = parts.find((part) => !PARTS.some((name) => name === part));
  if (unknown !== undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${unknown}"`);
  const times = Number(values.repeat);
  if (!Number.isInteger(times) || times < 1) throw new Error(`--repeat takes a whole number above 0`);
  // Names of runs, not the folders of this machine.
  const asked = process.argv.slice(2).map((word) =>
    word
      .split(',')
      .map((part) => basename(part))
      .join(','),
  );
  const origin = measuredOn(['npm run scaling --', ...asked].join(' '));
  const measured = new Map<string, string>();
  const wrong: string[] = [];
  const tell = (part: (typeof PARTS)[number], told: Told): void => {
    measured.set(part, [`## ${TITLES[part]}`, told.text, origin].join('\n\n'));
    wrong.push(...told.wrong);
    say(`\n${measured.get(part)}\n`);
  };
  if (parts.some((part) => part !== 'simulation') || values.runs === undefined) await down();
  if (parts.includes('fifty')) tell('fifty', await fifty(times));
  // Before the simulation, which then needs one run of the same experiment less.
  if (parts.includes('store')) tell('store', await store());
  if (parts.includes('simulation')) tell('simulation', await simulation());
  if (values.write) await writeParts('docs/scaling-evidence.md', 'scaling', PARTS, measured);
  if (wrong.length === 0) return;
  say(`not as promised: ${wrong.join('; ')}`);
  process.exitCode = 1;
}

if (values.help) say(HELP);
else await measure();
