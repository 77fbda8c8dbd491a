import { leastForPercentile, percentileBounds, type PercentileEstimate } from '../bounds/percentile.ts';
import { type Share, shareBounds } from '../bounds/share.ts';
import { formatDuration } from '../duration.ts';
import type { LoadTick } from '../load/load.ts';
import type { Limit, StepVerdict } from './knee.ts';

/** What a service promises to its users. */
export interface Objective {
  /** 95 % of the requests are answered within this time, milliseconds. A failed request is as slow as the timeout. */
  readonly p95Ms: number;
  /** Less than this share of the requests fails: more than 0, less than 1. */
  readonly errors: number;
  /** Classes of endpoints with a p95 of their own, beside the p95 of all requests. Absent: there are none. */
  readonly classes?: readonly LatencyClass[];
}

/** Some endpoints, and what is promised about their requests. */
export interface LatencyClass {
  /** "writes", "GET /api/dashboard" */
  readonly of: string;
  /** 95 % of the requests of the class are answered within this time, milliseconds. */
  readonly p95Ms: number;
  /** The share of all requests that are of this class, 0 to 1. */
  readonly share: number;
}

/** The requests of one step, in the order of their planned moments. */
export interface StepEvidence {
  /** Milliseconds; see `judgedLatency`. */
  readonly latenciesMs: ArrayLike<number>;
  /** 1 for each request that failed, otherwise 0. */
  readonly failures: ArrayLike<number>;
  /** The requests of each class of the objective, in their order there. */
  readonly classesMs?: readonly ArrayLike<number>[];
  /** Why the step says more about the generator than about the system, for people. */
  readonly generator: readonly string[];
  /** Limits of the system beside its objective that were exceeded through the step: its processors, a pool. */
  readonly exceeded?: readonly Exclude<Limit, 'latency' | 'errors'>[];
}

/** The verdict about a step, and its figures for people: "p95 143 ms (121 to 180 ms), errors 0.1 % (at most 0.8 %)". */
export type StepJudged = StepVerdict & { readonly observed: string };

const PERCENT = 95;
/** The share of requests that may be slower than p95. */
const SLOW = (100 - PERCENT) / 100;
const CONFIDENCE = 0.95;

/**
 * Judges a step as the checks `latency` and `errors` judge a phase, by bounds of 95 %. A step does not carry its rate when
 * one bound is above its limit for sure, or when processors or a pool were used up, and carries it when both are below for sure.
 * Failed requests are slow requests too, so errors are named first.
 */
export function judgeStep(objective: Objective, evidence: StepEvidence): StepJudged {
  const { latenciesMs, failures, generator, exceeded = [] } = evidence;
  const latencies = latenciesOf(objective, evidence);
  const errors = shareBounds(failures, CONFIDENCE);
  const observed = [
    observedText(latenciesMs.length, latencies, errors),
    ...exceeded.map((limit) => `${limit} is used up`),
    ...generator,
  ].join('; ');
  if (generator.length > 0) return { verdict: 'generator', observed };
  const over: Limit[] = [
    ...exceeded,
    ...(errors.value > objective.errors ? (['errors'] as const) : []),
    ...(latencies.some(({ p95, p95Ms }) => p95 !== undefined && p95.value > p95Ms) ? (['latency'] as const) : []),
  ];
  if (errors.lower > objective.errors) return { verdict: 'does not carry', broke: 'errors', over, observed };
  if (latencies.some(({ p95, p95Ms }) => p95 !== undefined && p95.lower > p95Ms))
    return { verdict: 'does not carry', broke: 'latency', over, observed };
  const [used] = exceeded;
  // A step without bounds has too few requests to say that anything was used up because of them.
  if (latencies.some(({ p95 }) => p95 === undefined)) return { verdict: 'cannot tell', observed };
  if (used !== undefined) return { verdict: 'does not carry', broke: used, over, observed };
  const within = latencies.every(({ p95, p95Ms }) => p95 !== undefined && p95.upper < p95Ms);
  return { verdict: within && errors.upper < objective.errors ? 'carries' : 'cannot tell', over, observed };
}

/** The p95 of some requests and its limit. `p95` is undefined when the requests are too few for bounds. */
interface JudgedLatency extends Pick<LatencyClass, 'of' | 'p95Ms'> {
  readonly p95: PercentileEstimate | undefined;
}

/** All requests first, under the name ''. */
function latenciesOf({ p95Ms, classes = [] }: Objective, { latenciesMs, classesMs }: StepEvidence): JudgedLatency[] {
  const bounds = (values: ArrayLike<number>) => percentileBounds(values, PERCENT, CONFIDENCE);
  return [
    { of: '', p95Ms, p95: bounds(latenciesMs) },
    ...classes.map((one, i) => ({ of: one.of, p95Ms: one.p95Ms, p95: bounds(classesMs?.[i] ?? []) })),
  ];
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

function observedText(requests: number, latencies: readonly JudgedLatency[], errors: Share): string {
  if (requests === 0) return 'no request was offered';
  const texts = latencies.map(({ of, p95 }) => {
    const name = of === '' ? '' : ` of ${of}`;
    if (p95 === undefined) return `${of === '' ? requests : 'the'} requests${name} are too few for bounds of p95`;
    const [low, high] = [Math.max(0, p95.lower), p95.upper].map(formatDuration);
    return `p95${name} ${formatDuration(p95.value)} (${low} to ${high})`;
  });
  return `${texts.join(', ')}, errors ${percent(errors.value)} (at most ${percent(errors.upper)})`;
}

/** No step is shorter or longer than this, milliseconds. A bound that needs more requests cannot be had. */
const SHORTEST_MS = 10_000;
const LONGEST_MS = 180_000;
/** A step has twice the requests that its bounds need when all requests are good. */
const ROOM = 2;
/** A step that gave no answer is repeated with so many times its length. */
const LONGER = 3;

/** Returns how long a step at this rate (requests a second) lasts, milliseconds, without its warm-up. */
export function stepMs({ errors, classes = [] }: Objective, ratePerS: number, longer: boolean): number {
  const clean = Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-errors));
  // Each class needs as many requests as all of them together.
  const rarest = classes.reduce((least, { share }) => Math.min(least, share), 1);
  const requests = ROOM * Math.max(clean, leastForPercentile(PERCENT) / rarest);
  const ms = Math.max(SHORTEST_MS, Math.ceil(requests / ratePerS) * 1_000);
  return Math.min(LONGEST_MS, longer ? ms * LONGER : ms);
}

/**
 * A step is left when its requests that are over the limit are so many times the share that the whole step may have. A
 * stall of a second must not end a step of ten seconds, which may be good all the same.
 */
const SURE = 4;
/** So few failures never end a step. */
const FEW = 20;
/** A step is left only when so many requests were planned in it: its verdict needs bounds. */
const ENOUGH = Math.ceil(leastForPercentile(PERCENT) * 1.1);

/**
 * Returns a rule that says when a step is surely over its limits, so that it can be left before its end: even if every
 * other request of the step were good. It takes each second of the counted time. `ms`: the length of the step.
 */
export function leaveRule(objective: Objective, ratePerS: number, ms: number): (tick: LoadTick) => boolean {
  const all = (ratePerS * ms) / 1_000;
  const mostFailed = Math.max(FEW, SURE * objective.errors * all);
  const mostSlow = Math.max(FEW, SURE * SLOW * all);
  let [planned, failed, slow] = [0, 0, 0];
  return (tick) => {
    planned += tick.planned;
    failed += tick.failed;
    slow += slowOf(tick, objective.p95Ms);
    // At this rate, requests beyond so many in flight have waited for longer than the limit.
    const overdue = Math.max(0, tick.in_flight - (ratePerS * objective.p95Ms) / 1_000);
    return planned >= ENOUGH && (failed >= mostFailed || failed + slow + overdue >= mostSlow);
  };
}

/** Returns how many good answers of a second were slower than the limit, at least. */
function slowOf({ ok, p50_ms: p50 = 0, p95_ms: p95 = 0 }: LoadTick, limitMs: number): number {
  if (p50 > limitMs) return ok / 2;
  return p95 > limitMs ? ok * SLOW : 0;
}
