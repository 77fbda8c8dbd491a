import { incompleteBeta, solveRising, studentQuantile } from './bounds/distributions.ts';
import { rankOf } from './selection.ts';

/** Lower and upper end of an interval. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The confidence of each single bound when the caller gives none. */
export const CONFIDENCE = 0.95;

/**
 * Returns the exact one-sided bounds of a proportion, `hits` of `trials` (Clopper and Pearson, 1934). Each bound holds
 * with 95 % by default. For 0 hits of 2,995 trials the upper bound is just below 0.1 %. Without trials the bounds are 0
 * and 1.
 */
export const proportionBounds = (hits: number, trials: number, confidence = CONFIDENCE): Bounds => ({
  lower: proportionBound(hits, trials, 'lower', confidence),
  upper: proportionBound(hits, trials, 'upper', confidence),
});

function proportionBound(hits: number, trials: number, side: keyof Bounds, confidence: number): number {
  if (side === 'lower') {
    if (hits === 0) return 0;
    return solveRising((p) => incompleteBeta(p, hits, trials - hits + 1), 1 - confidence, 0, 1);
  }
  if (hits === trials) return 1;
  return solveRising((p) => incompleteBeta(p, hits + 1, trials - hits), confidence, 0, 1);
}

/**
 * Says whether the upper bound of `hits` of `trials` is at most `share`. This is much faster than to look for the
 * bound. A tolerance of 1e-9 on the confidence accepts a bound that equals `share`, also when rounding puts it above.
 */
export const isAtMost = (hits: number, trials: number, share: number, confidence: number): boolean =>
  incompleteBeta(share, hits + 1, trials - hits) >= confidence - 1e-9;

/** Says whether the lower bound of `hits` of `trials` is at least `share`. */
export const isAtLeast = (hits: number, trials: number, share: number, confidence: number): boolean =>
  hits > 0 && incompleteBeta(share, hits, trials - hits + 1) <= 1 - confidence;

/** Returns the nearest-rank percentile (0 to 100) of sorted values; undefined when there are none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number | undefined {
  return sorted[rankOf(sorted.length, percent)];
}

export interface Estimate extends Bounds {
  readonly value: number;
}

/**
 * Returns the mean of independent values (for example one figure of several runs) with one-sided bounds, by a t
 * interval. Undefined for fewer than two values.
 */
export function meanBounds(values: readonly number[], confidence = CONFIDENCE): Estimate | undefined {
  if (values.length < 2) return undefined;
  const value = mean(values);
  const margin =
    (studentQuantile(confidence, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { value, lower: value - margin, upper: value + margin };
}

/**
 * Returns b - a with one-sided bounds, made from the bounds of a and b, which need not be symmetric (method of variance
 * estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008).
 */
export function differenceBounds(a: Estimate, b: Estimate): Estimate {
  const value = b.value - a.value;
  return {
    value,
    lower: value - Math.hypot(b.value - b.lower, a.upper - a.value),
    upper: value + Math.hypot(b.upper - b.value, a.value - a.lower),
  };
}

/** Returns the mean. NaN for no values. */
export const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Standard deviation of a sample (n - 1 in the denominator). NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1));
}

/** Returns the median; undefined when there are no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  if (high === undefined) return undefined;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}
