import { Latencies } from '../../core/record/latencies.ts';
import { shareBounds } from '../../core/bounds/share.ts';
import { differenceBounds, type Estimate, meanBounds } from '../../core/stats.ts';

/** Requests of one run in one scope, in the order of their planned time. */
export interface Sample {
  readonly latencies: Latencies;
  /** 1 where a request failed, 0 where it did not. */
  readonly failures: Uint8Array;
}

/** What one comparison covers: a phase or the whole load, with all its requests or the requests of one endpoint. */
export interface Scope {
  /** A phase, or "load". */
  readonly phase: string;
  /** Undefined for all requests. */
  readonly endpoint: string | undefined;
  /** One sample for each run of a side. */
  readonly a: readonly Sample[];
  readonly b: readonly Sample[];
}

export type Finding = 'slower' | 'faster' | 'no difference' | 'too little evidence';
type Metric = 'p50' | 'p95' | 'p99' | 'errors';
const PERCENT = { p50: 50, p95: 95, p99: 99 } as const;
const METRICS: readonly Metric[] = ['p50', 'p95', 'p99', 'errors'];

/**
 * One figure of side B beside the same figure of side A. Latencies are in milliseconds, and their change is a factor.
 * Errors are shares, and their change is a difference.
 */
export interface Comparison {
  readonly phase: string;
  readonly endpoint: string | null;
  readonly metric: Metric;
  readonly a: number | null;
  readonly b: number | null;
  /**
   * B divided by A. For errors: B minus A. The bounds hold for all comparisons together. Null when there is too little
   * evidence for a value.
   */
  readonly change: { readonly value: number; readonly lower: number; readonly upper: number | null } | null;
  readonly finding: Finding;
}

export interface CompareOptions {
  /** The smallest change of a latency that matters, as a share: 0.1. */
  readonly least: number;
  /** The chance of a false alarm over all comparisons together. Default: 0.05. */
  readonly alpha?: number;
}

/** A smaller change of a latency is noise of clocks and timers. Milliseconds. */
const LEAST_MS = 0.5;
/** A smaller change of the share of failures does not matter. */
const LEAST_SHARE = 0.001;
/** "No difference" needs an upper bound below this: a change of the share of failures up to it may go unseen. */
const EXCLUDED_SHARE = 0.005;

/**
 * Compares figure by figure. "Slower" and "faster" need both: bounds that exclude "no change", and a change that
 * matters.
 *
 * When each side has several runs, a run is the unit: percentiles of runs (logarithms) and shares of failures, with t
 * bounds. Otherwise the bounds come from blocks within each run (see `percentileBounds` and `shareBounds`). Such bounds
 * say nothing about the differences between runs.
 * A rank test on raw latencies gave 19 to 87 % false alarms on queues, and is not used.
 *
 * All comparisons share one chance of a false alarm, `alpha`: half for all requests together, and half for the
 * endpoints (Bonferroni).
 */
export function compare(scopes: readonly Scope[], { least, alpha = 0.05 }: CompareOptions): Comparison[] {
  const count = (of: (scope: Scope) => boolean): number => scopes.filter(of).length * METRICS.length;
  const whole = count((s) => s.endpoint === undefined);
  const parts = count((s) => s.endpoint !== undefined);
  const confidence = (scope: Scope): number => {
    if (parts === 0) return 1 - alpha / whole;
    return 1 - alpha / 2 / (scope.endpoint === undefined ? whole : parts);
  };
  return scopes.flatMap((scope) =>
    METRICS.map((metric) =>
      metric === 'errors'
        ? compareErrors(scope, confidence(scope))
        : compareLatency(scope, metric, least, confidence(scope)),
    ),
  );
}

/**
 * Returns the result of all comparisons together. One "slower" is enough. Otherwise the main figures decide whether
 * there is enough evidence for "faster" or "no difference".
 */
export function overall(comparisons: readonly Comparison[]): Finding {
  if (comparisons.some((c) => c.finding === 'slower')) return 'slower';
  // The 99th percentile and single endpoints seldom have enough requests. They can raise an alarm, and are not needed
  // for "no difference".
  const main = comparisons.filter((c) => c.endpoint === null && c.metric !== 'p99');
  if (main.length === 0 || main.some((c) => c.finding === 'too little evidence')) return 'too little evidence';
  return comparisons.some((c) => c.finding === 'faster') ? 'faster' : 'no difference';
}

const inRuns = ({ a, b }: Scope): boolean => a.length > 1 && b.length > 1;

function compareLatency(scope: Scope, metric: keyof typeof PERCENT, least: number, confidence: number): Comparison {
  const percent = PERCENT[metric];
  const of = (sample: Sample): number => sample.latencies.percentile(percent) ?? NaN;
  const estimate = (side: readonly Sample[]): Estimate | undefined => {
    if (inRuns(scope))
      return meanBounds(
        side.map((sample) => Math.log(of(sample))),
        confidence,
      );
    const [only] = side.length === 1 ? side : [together(side)];
    const bounds = only === undefined ? undefined : only.latencies.bounds(percent, confidence);
    return bounds && { value: Math.log(bounds.value), lower: Math.log(bounds.lower), upper: Math.log(bounds.upper) };
  };
  const [a, b] = [estimate(scope.a), estimate(scope.b)];
  const result = { phase: scope.phase, endpoint: scope.endpoint ?? null, metric };
  if (a === undefined || b === undefined || !Number.isFinite(a.value) || !Number.isFinite(b.value)) {
    return { ...result, a: null, b: null, change: null, finding: 'too little evidence' };
  }
  const change = differenceBounds(a, b);
  const [before, after] = [Math.exp(a.value), Math.exp(b.value)];
  const [value, lower, upper] = [change.value, change.lower, change.upper].map(Math.exp) as [number, number, number];
  const matters = (factor: number): boolean =>
    Math.abs(Math.log(factor)) >= Math.log1p(least) && Math.abs(before * factor - before) >= LEAST_MS;
  const excluded = Math.max(1 + 2 * least, 1 + (2 * LEAST_MS) / before);
  return {
    ...result,
    a: before,
    b: after,
    change: { value, lower, upper: finite(upper) },
    finding:
      lower > 1 && matters(value)
        ? 'slower'
        : upper < 1 && matters(value)
          ? 'faster'
          : upper < excluded
            ? 'no difference'
            : 'too little evidence',
  };
}

/**
 * Returns the share of failures of one side. With several runs a side, runs are the unit: a t interval over their
 * shares. Runs in which nothing failed do not differ, and still say little about one failure in a thousand requests: so
 * no bound is narrower than the bound of all their requests together.
 */
function failedShare(side: readonly Sample[], runs: boolean, confidence: number): Estimate {
  const all = shareBounds(together(side).failures, confidence);
  const shares = side.map(({ failures }) => failures.reduce((sum, f) => sum + f, 0) / failures.length);
  const between = runs ? meanBounds(shares, confidence) : undefined;
  if (between === undefined) return all;
  const { value } = between;
  return {
    value,
    lower: Math.max(0, Math.min(between.lower, value - (all.value - all.lower))),
    upper: Math.max(between.upper, value + (all.upper - all.value)),
  };
}

function compareErrors(scope: Scope, confidence: number): Comparison {
  const estimate = (side: readonly Sample[]): Estimate => failedShare(side, inRuns(scope), confidence);
  const [a, b] = [estimate(scope.a), estimate(scope.b)];
  const result = { phase: scope.phase, endpoint: scope.endpoint ?? null, metric: 'errors' } as const;
  if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
    return { ...result, a: null, b: null, change: null, finding: 'too little evidence' };
  }
  const { value, lower, upper } = differenceBounds(a, b);
  const matters = Math.abs(value) >= LEAST_SHARE;
  return {
    ...result,
    a: a.value,
    b: b.value,
    change: { value, lower, upper: finite(upper) },
    finding:
      lower > 0 && matters
        ? 'slower'
        : upper < 0 && matters
          ? 'faster'
          : upper < EXCLUDED_SHARE
            ? 'no difference'
            : 'too little evidence',
  };
}

/** Joins several runs into one sample, one after another. At the end of a run, at most one block holds two runs. */
function together(samples: readonly Sample[]): Sample {
  const [only] = samples;
  if (samples.length === 1 && only !== undefined) return only;
  return {
    latencies: new Latencies(
      'judged',
      samples.flatMap((s) => [...s.latencies.inOrder]),
    ),
    failures: Uint8Array.from(samples.flatMap((s) => [...s.failures])),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
