import {
  differenceBounds,
  type Estimate,
  meanBounds,
  percentile,
  percentileBounds,
  shareBounds,
} from '../core/stats.ts';

/** Requests of one run in one scope, in the order of their planned time. */
export interface Sample {
  /** Milliseconds, a failed request being as slow as the timeout at least. */
  readonly latencies: Float64Array;
  /** 1 where a request failed, 0 where it did not. */
  readonly failures: Uint8Array;
}

/** What is compared with its like: a phase or the whole load, all its requests or those of one endpoint. */
export interface Scope {
  /** A phase, or "load". */
  readonly phase: string;
  /** Undefined: all requests. */
  readonly endpoint: string | undefined;
  /** One sample a run, of each side. */
  readonly a: readonly Sample[];
  readonly b: readonly Sample[];
}

export type Finding = 'slower' | 'faster' | 'no difference' | 'too little evidence';
type Metric = 'p50' | 'p95' | 'p99' | 'errors';
const PERCENT = { p50: 50, p95: 95, p99: 99 } as const;
const METRICS: readonly Metric[] = ['p50', 'p95', 'p99', 'errors'];

/** One figure of B beside that of A. Latencies in ms and their change as a factor, errors as shares and their change as a difference. */
export interface Comparison {
  readonly phase: string;
  readonly endpoint: string | null;
  readonly metric: Metric;
  readonly a: number | null;
  readonly b: number | null;
  /** B over A, or B less A for errors, with bounds that hold for all comparisons together; null where nothing can be said. */
  readonly change: { readonly value: number; readonly lower: number; readonly upper: number | null } | null;
  readonly finding: Finding;
}

export interface CompareOptions {
  /** Smallest change of a latency that matters, as a share: 0.1. */
  readonly least: number;
  /** Chance of a false alarm over all comparisons together. */
  readonly alpha?: number;
}

/** Changes of latencies below this are noise of clocks and timers, milliseconds. */
const LEAST_MS = 0.5;
/** Changes of the share of failures below this do not matter; one that could be five times as large is not excluded. */
const LEAST_SHARE = 0.001;
const EXCLUDED_SHARE = 0.005;

/**
 * Compares figure by figure. A finding needs both: bounds that exclude no change, and a change that matters. Where each
 * side has several runs, a run is the unit (percentiles of runs, logarithms, t bounds); else the bounds come from blocks
 * within each run (see percentileBounds), which know nothing of how runs differ among themselves. A rank test on raw
 * latencies gave 19 to 87 % false alarms on queues and is not used. All comparisons share one chance of a false alarm,
 * `alpha`: half for all requests together, half for the endpoints (Bonferroni).
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

/** What all comparisons amount to: the worst that was found; where none was, whether the main figures could have shown it. */
export function overall(comparisons: readonly Comparison[]): Finding {
  if (comparisons.some((c) => c.finding === 'slower')) return 'slower';
  // The 99th percentile and single endpoints seldom have enough requests: they can raise an alarm, not withhold one.
  const main = comparisons.filter((c) => c.endpoint === null && c.metric !== 'p99');
  if (main.length === 0 || main.some((c) => c.finding === 'too little evidence')) return 'too little evidence';
  return comparisons.some((c) => c.finding === 'faster') ? 'faster' : 'no difference';
}

const inRuns = ({ a, b }: Scope): boolean => a.length > 1 && b.length > 1;

function compareLatency(scope: Scope, metric: keyof typeof PERCENT, least: number, confidence: number): Comparison {
  const percent = PERCENT[metric];
  const of = (sample: Sample): number => percentile(Float64Array.from(sample.latencies).sort(), percent) ?? NaN;
  const estimate = (side: readonly Sample[]): Estimate | undefined => {
    if (inRuns(scope))
      return meanBounds(
        side.map((sample) => Math.log(of(sample))),
        confidence,
      );
    const [only] = side.length === 1 ? side : [together(side)];
    const bounds = only === undefined ? undefined : percentileBounds(only.latencies, percent, confidence);
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

function compareErrors(scope: Scope, confidence: number): Comparison {
  const estimate = (side: readonly Sample[]): Estimate => shareBounds(together(side).failures, confidence);
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

/** Several runs one after the other, as one: blocks never reach over the end of a run by more than one block. */
function together(samples: readonly Sample[]): Sample {
  const [only] = samples;
  if (samples.length === 1 && only !== undefined) return only;
  return {
    latencies: Float64Array.from(samples.flatMap((s) => [...s.latencies])),
    failures: Uint8Array.from(samples.flatMap((s) => [...s.failures])),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
