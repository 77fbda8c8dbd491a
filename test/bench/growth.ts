import { studentQuantile } from '../../harness/core/bounds/distributions.ts';
import type { Estimate } from '../../harness/core/stats.ts';

/**
 * The number of equal stretches of time whose means are used. Neighbouring readings depend on each other; these means
 * hardly do.
 */
const STRETCHES = 10;
/** How often both bounds together hold the true value. */
const CONFIDENCE = 0.95;

const mean = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0) / values.length;

/**
 * Estimates the growth a minute of a figure that is read each second: least squares through the means of ten stretches.
 * The bounds come from Student's t with eight degrees of freedom. Undefined when a stretch has fewer than two readings.
 */
export function growthPerMinute(series: readonly number[]): Estimate | undefined {
  const length = Math.floor(series.length / STRETCHES);
  if (length < 2) return undefined;
  const means = Array.from({ length: STRETCHES }, (_, i) => mean(series.slice(i * length, (i + 1) * length)));
  const minutes = means.map((_, i) => ((i - (STRETCHES - 1) / 2) * length) / 60);
  const spread = minutes.reduce((sum, at) => sum + at * at, 0);
  const middle = mean(means);
  const value = means.reduce((sum, n, i) => sum + n * (minutes[i] ?? 0), 0) / spread;
  const left = means.reduce((sum, n, i) => sum + (n - middle - value * (minutes[i] ?? 0)) ** 2, 0);
  const freedom = STRETCHES - 2;
  const margin = studentQuantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(left / freedom / spread);
  return { value, lower: value - margin, upper: value + margin };
}
