import { studentQuantile, type Estimate } from '../../harness/core/stats.ts';

/** Means of so many equal stretches of time: neighbouring samples resemble each other, these hardly do. */
const STRETCHES = 10;
/** The bounds hold the truth so often, both together. */
const CONFIDENCE = 0.95;

const mean = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0) / values.length;

/**
 * How much a figure that is sampled each second grows in a minute: least squares through the means of ten stretches, with
 * bounds from Student's t with eight degrees of freedom. Undefined of fewer than two samples a stretch.
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
