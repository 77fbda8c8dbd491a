import { systemClock } from '../../../harness/core/clock.ts';
import { idPrefix, type RequestTable, type Workload } from '../../../harness/core/load/load.ts';
import type { Span } from '../../../harness/core/plan/phases.ts';
import { Machine } from '../../helpers/machine.ts';
import { offer } from '../../helpers/offer.ts';
import type { Stack } from '../../helpers/stack.ts';
import { type Figures, figuresWithin, lostOf } from './lost.ts';
import { Replicas } from './replicas.ts';
import type { Way } from './way.ts';

/** The number of replicas before and after each round. */
export const USUAL = 3;
/** The load alone, before the first round and after each round, milliseconds. */
const SETTLE_MS = 5_000;
/** How long the new replicas have to answer their first request. */
const PLATEAU_MS = 10_000;
/** A trial is given up when its rounds take longer than this each, milliseconds. */
const ROUND_MS = 300_000;
/** How long one command may go on after that. The load goes on as long. */
const COMMAND_MS = 150_000;
const WARM_UP_MS = 4_000;
/** How long the machine is watched before the load, milliseconds. */
const IDLE_MS = 3_000;

export interface TrialOptions {
  /** The number of replicas in the middle of a round. As many as usual: one of them is replaced. */
  readonly replicas: number;
  readonly rounds: number;
  readonly ratePerS: number;
  /** The load lasts at least this long, milliseconds. */
  readonly leastMs: number;
  /** How many replicas start or stop at once, at most. */
  readonly batch: number;
  readonly workload: Workload;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** One way there and back. Times are epoch milliseconds. */
interface Moved {
  readonly whole: Span;
  readonly joining: Span;
  readonly leaving: Span;
  /** When the last replica answered its first request; undefined when one never did. */
  readonly serving: number | undefined;
  /** How many replicas answered, of how many. */
  readonly served: readonly [some: number, all: number];
}

export interface Round {
  readonly figures: Figures;
  readonly lostJoining: number;
  readonly lostLeaving: number;
  /** Seconds from the first command until all replicas served; null when one never did. */
  readonly joinedS: number | null;
  /** Seconds from the first command until the replicas that leave were gone. */
  readonly leftS: number;
  readonly served: readonly [some: number, all: number];
}

export interface Trial {
  readonly figures: Figures;
  readonly rounds: readonly Round[];
  /** Use of the processor by everything on the machine, in percent of one core: before the load and during it. */
  readonly busy: readonly [before: number, during: number];
  /** What the gates of a load say: the generator was late, or dropped requests. */
  readonly invalid: readonly string[];
}

/** Offers a load, scales there and back in the middle of it, and counts what was lost. */
export async function tryWay(stack: Stack, way: Way, options: TrialOptions): Promise<Trial> {
  const { workload, ratePerS, rounds, leastMs, batch, say } = options;
  const limitMs = leastMs + rounds * ROUND_MS;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limitMs)]);
  const replicas = new Replicas(stack, way, batch, signal);
  await replicas.to(USUAL);
  const machine = new Machine();
  await systemClock.sleep(IDLE_MS, signal);
  const before = machine.cores();
  const url = stack.topology.spec.entry;
  const run = `${way.name}-${Date.now().toString(36)}`;
  await warmUp(url, workload, ratePerS, `warm-${run}`);
  await using load = await offer({ workload, url, ratePerS, run, seed: 1, mostMs: limitMs + COMMAND_MS });
  const begun = systemClock.now();
  machine.cores();
  await systemClock.sleep(SETTLE_MS, signal);
  const moved: Moved[] = [];
  for (let i = 0; i < rounds; i += 1) {
    moved.push(await move(replicas, run, { ...options, signal }));
    const { joining, leaving } = moved.at(-1) as Moved;
    say(`  round ${i + 1} of ${rounds}: joining took ${inS(joining)} s, leaving ${inS(leaving)} s`);
  }
  await systemClock.sleep(leastMs - (systemClock.now() - begun), signal);
  const during = machine.cores();
  const { requests, invalid } = await load.stop();
  return {
    figures: figuresWithin(requests, { started: -Infinity, ended: Infinity }),
    rounds: moved.map((one) => roundOf(requests, one)),
    busy: [before, during],
    invalid: invalid.map(({ message }) => message),
  };
}

/** Opens the pools of the replicas and lets the app's code compile. Its requests count nowhere. */
async function warmUp(url: string, workload: Workload, ratePerS: number, run: string): Promise<void> {
  await using load = await offer({ workload, url, ratePerS, run, seed: 2, mostMs: WARM_UP_MS });
  await systemClock.sleep(WARM_UP_MS);
  await load.stop();
}

async function move(replicas: Replicas, run: string, { replicas: n, signal }: TrialOptions): Promise<Moved> {
  const timed = async (work: Promise<void>): Promise<Span> => {
    const started = systemClock.now();
    await work;
    return { started, ended: systemClock.now() };
  };
  const join = async (to: number) => {
    const joining = await timed(replicas.to(to));
    await systemClock.sleep(PLATEAU_MS, signal);
    // The logs of replicas that leave are gone with them.
    const first = await replicas.firstAnswers(joining.started, idPrefix(run, 'open'));
    const last = first.size < to ? undefined : Math.max(...first.values());
    return { joining, serving: last, served: [first.size, to] } as const;
  };
  const started = systemClock.now();
  let leaving: Span | undefined;
  // One replica is replaced: it leaves before another joins.
  if (n === USUAL) leaving = await timed(replicas.to(USUAL - 1));
  const joined = await join(n);
  leaving ??= await timed(replicas.to(USUAL));
  await systemClock.sleep(SETTLE_MS, signal);
  return { ...joined, leaving, whole: { started, ended: systemClock.now() } };
}

const roundOf = (requests: RequestTable, { whole, joining, leaving, serving, served }: Moved): Round => ({
  figures: figuresWithin(requests, whole),
  lostJoining: lostOf(figuresWithin(requests, joining)),
  lostLeaving: lostOf(figuresWithin(requests, leaving)),
  joinedS: serving === undefined ? null : (serving - joining.started) / 1_000,
  leftS: (leaving.ended - leaving.started) / 1_000,
  served,
});

const inS = ({ started, ended }: Span): string => ((ended - started) / 1_000).toFixed(1);
