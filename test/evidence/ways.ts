import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../../harness/core/errors.ts';
import { ROOT, TEST_ENV } from '../helpers/chaos.ts';
import { interrupted } from '../helpers/interrupted.ts';
import { workloadNamed } from '../helpers/offer.ts';
import { writeParts } from '../helpers/parts.ts';
import { bringUp, type Stack } from '../helpers/stack.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { WAYS } from './ways/list.ts';
import { lostOf } from './ways/lost.ts';
import { lacking, movesOf, PROOF, roundsTable, type Tried, waysTable } from './ways/tables.ts';
import { type Trial, type TrialOptions, tryWay } from './ways/trial.ts';
import type { Way } from './ways/way.ts';

// Which way lets replicas join and leave without a lost request? A client that never retries, over reused connections, while
// the replicas of the app are scaled.
const HELP = `Usage: npm run ways -- [--only WAY,WAY] [--n 3,10,50] [--rounds 1] [--seconds 60] [--rate 200] [--batch 10]
                           [--fresh] [--write] [--prove]
  --only WAYS    ${WAYS.map(({ name }) => name).join(', ')}
  --n NUMBERS    replicas in the middle of a round; with 3, one of three is replaced
  --rounds N     there and back so many times, within one load
  --seconds N    the load lasts at least so long
  --rate N       requests a second
  --batch N      replicas that start or stop at once, at most; never more than serve meanwhile
  --fresh        forget what was tried before at this commit; without it, a second call goes on with what is not tried yet
  --write        write the tables into docs/ways.md
  --prove        only the topology as it ships: 3 to ${PROOF.replicas} to 3, ${PROOF.rounds} times, at least ${PROOF.requests} requests, none lost
The topology has a project of its own (CHAOS_TEST_PROJECT and the other CHAOS_TEST_ variables). It is removed at the end.
Exit 1 when --prove does not hold.
Example: npm run ways -- --only as-shipped --n 10 --seconds 60 --rounds 1`;

/** What was tried at this commit. A call that was ended goes on from here. */
const TRIED = join(ROOT, '.chaos', 'ways.ndjson');
const PARTS = ['ways', 'proof'] as const;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: WAYS.map(({ name }) => name).join(',') },
    n: { type: 'string', default: '3,10,50' },
    rounds: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '200' },
    batch: { type: 'string', default: '10' },
    fresh: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    prove: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number above 0, not "${text}"`);
  return value;
};

function chosenWays(): Way[] {
  return values.only.split(',').map((name) => {
    const way = WAYS.find((one) => one.name === name);
    if (way === undefined) throw new Error(`--only takes ${WAYS.map((w) => w.name).join(', ')}, not "${name}"`);
    return way;
  });
}

const stackOf = (way: Way, signal: AbortSignal): Promise<Stack> =>
  bringUp({
    root: ROOT,
    overlays: way.folder === undefined ? [] : [join(ROOT, 'test', 'evidence', 'ways', way.folder, 'compose.yml')],
    env: { ...TEST_ENV, ...way.env },
    signal,
  });

const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();

function tried(): Tried[] {
  try {
    const lines = readFileSync(TRIED, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Tried).filter((one) => one.commit === commit);
  } catch {
    return [];
  }
}

const optionsFor = (replicas: number, rounds: number, leastS: number, signal: AbortSignal): TrialOptions => ({
  replicas,
  rounds,
  leastMs: leastS * 1_000,
  ratePerS: whole('rate', values.rate),
  batch: whole('batch', values.batch),
  workload: workloadNamed('saturday'),
  signal,
  say,
});

const summary = ({ figures }: Trial): string => `${figures.requests} requests, ${lostOf(figures)} lost`;

/** Tries the chosen ways, and keeps each trial. A trial that is given up ends its way. */
async function tryWays(signal: AbortSignal): Promise<void> {
  if (values.fresh) rmSync(TRIED, { force: true });
  const numbers = values.n.split(',').map((text) => whole('n', text));
  const [rounds, seconds] = [whole('rounds', values.rounds ?? '1'), whole('seconds', values.seconds)];
  for (const way of chosenWays()) {
    const open = numbers.filter((n) => !tried().some((one) => one.name === way.name && one.replicas === n));
    if (open.length === 0) continue;
    say(`${way.name}: bringing the topology up`);
    await using stack = await stackOf(way, signal);
    for (const replicas of open) {
      say(`${way.name}: ${movesOf(replicas)}`);
      const outcome = await tryWay(stack, way, optionsFor(replicas, rounds, seconds, signal)).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          return describeError(error);
        },
      );
      mkdirSync(join(ROOT, '.chaos'), { recursive: true });
      const one: Tried = { commit, title: way.title, name: way.name, replicas, outcome };
      appendFileSync(TRIED, `${JSON.stringify(one)}\n`);
      say(`${way.name}: ${typeof outcome === 'string' ? `given up: ${outcome}` : summary(outcome)}`);
      if (typeof outcome === 'string') break;
    }
  }
}

/** Tries the topology as it ships, five times there and back. */
async function prove(signal: AbortSignal): Promise<string> {
  const way = WAYS.find(({ folder }) => folder === undefined);
  if (way === undefined) throw new TypeError('one way is the topology as it ships');
  const rounds = whole('rounds', values.rounds ?? String(PROOF.rounds));
  // One second more: the load must not miss the number by its last request.
  const leastS =
    values.rounds === undefined ? PROOF.requests / whole('rate', values.rate) + 1 : whole('seconds', values.seconds);
  await using stack = await stackOf(way, signal);
  const trial = await tryWay(stack, way, optionsFor(PROOF.replicas, rounds, leastS, signal));
  const lacks = lacking(trial);
  if (lacks.length > 0) process.exitCode = 1;
  const verdict =
    lacks.length === 0
      ? `**0 of ${trial.figures.requests.toLocaleString('en-GB')} requests lost.**`
      : `**Not proven: ${lacks.join('; ')}.**`;
  return `${verdict}\n\n${roundsTable(trial)}`;
}

async function main(): Promise<void> {
  const signal = interrupted();
  const measured = new Map<string, string>();
  const origin = measuredOn(['npm run ways --', ...process.argv.slice(2)].join(' '));
  if (values.prove)
    measured.set(
      'proof',
      `## The topology as it ships: ${movesOf(PROOF.replicas)}, again and again\n\n${await prove(signal)}\n\n${origin}`,
    );
  else {
    await tryWays(signal);
    const order = WAYS.map(({ name }) => name);
    const all = tried().toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name) || a.replicas - b.replicas);
    measured.set('ways', `## The ways\n\n${waysTable(all)}\n\n${origin}`);
  }
  for (const text of measured.values()) say(`\n${text}`);
  if (values.write) await writeParts('docs/ways.md', 'ways', PARTS, measured);
}

if (values.help) say(HELP);
else await main();
