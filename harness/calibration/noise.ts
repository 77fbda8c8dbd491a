import { percentile, proportionBounds, standardDeviation, studentQuantile } from '../core/stats.ts';
import type { Sample } from '../measure/compare.ts';

export const NOISE_FILE = 'noise.json';

/** What a change must come to, to be found with so many runs on each side. */
interface SmallestEffect {
  readonly runs_a_side: number;
  /** In the figure's own unit. */
  readonly effect: number;
  /** Of the mean; null where that is 0. */
  readonly share: number | null;
}

/** One figure over several runs of the same thing. Latencies in ms, a failed request being as slow as the timeout; shares from 0 to 1. */
export interface NoiseFigure {
  readonly figure: 'p50' | 'p95' | 'p99' | 'failed_share';
  readonly values: readonly number[];
  readonly mean: number;
  /** Standard deviation between runs. */
  readonly sd: number;
  readonly smallest_effects: readonly SmallestEffect[];
}

/** One-sided chance of a false alarm, and the chance of seeing an effect of that size. */
const ALPHA = 0.05;
const POWER = 0.8;
const RUNS_A_SIDE = [1, 3, 5, 10] as const;

/**
 * How figures differ between runs in which nothing was changed, and from which change on a comparison would find it. With
 * the standard deviation s of n runs, a difference of the means of k and k runs has the standard error s √(2/k); it is
 * found with probability 0.8, at a false alarm rate of 0.05, from (t0.95 + t0.80) s √(2/k) on, t with n - 1 degrees of
 * freedom (minimum detectable effect: Bloom, Evaluation Review 19, 1995). Two runs have one degree: their t is 7.7, that
 * of five runs 3.1. Failures
 * are seen from the exact upper bound on, too: runs without any do not differ, and say nothing of one in a thousand. NaN of
 * fewer than two.
 */
export function noiseOf(runs: readonly Sample[]): NoiseFigure[] {
  const at = (percent: number): number[] =>
    runs.map(({ latencies }) => percentile(Float64Array.from(latencies).sort(), percent) ?? NaN);
  const failed = runs.map(({ failures }) => failures.reduce((sum, f) => sum + f, 0) / failures.length);
  const requests = runs.reduce((least, { failures }) => Math.min(least, failures.length), Infinity);
  return [
    figure('p50', at(50)),
    figure('p95', at(95)),
    figure('p99', at(99)),
    figure('failed_share', failed, (mean, runsASide) => {
      const n = requests * runsASide;
      return proportionBounds(Math.round(mean * n), n).upper - mean;
    }),
  ];
}

/** `floor`: an effect that is not seen however little the runs differ. */
function figure(
  name: NoiseFigure['figure'],
  values: readonly number[],
  floor: (mean: number, runsASide: number) => number = () => 0,
): NoiseFigure {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const sd = standardDeviation(values);
  const freedom = values.length - 1;
  const multiplier = freedom < 1 ? NaN : studentQuantile(1 - ALPHA, freedom) + studentQuantile(POWER, freedom);
  return {
    figure: name,
    values,
    mean,
    sd,
    smallest_effects: RUNS_A_SIDE.map((runs_a_side) => {
      const effect = Math.max(multiplier * sd * Math.sqrt(2 / runs_a_side), floor(mean, runs_a_side));
      return { runs_a_side, effect, share: mean === 0 ? null : effect / mean };
    }),
  };
}
