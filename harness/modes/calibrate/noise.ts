import { studentQuantile } from '../../core/bounds/distributions.ts';
import { proportionBounds, standardDeviation } from '../../core/stats.ts';
import type { Sample } from '../compare/compare.ts';

/** The smallest change that a comparison finds with this many runs on each side. */
interface SmallestEffect {
  readonly runs_a_side: number;
  /** In the figure's own unit. */
  readonly effect: number;
  /** As a share of the mean. Null when the mean is 0. */
  readonly share: number | null;
}

/**
 * One figure over several runs of the same experiment. Latencies are in milliseconds, and a failed request counts as at
 * least as slow as the timeout. Shares are from 0 to 1.
 */
export interface NoiseFigure {
  readonly figure: 'p50' | 'p95' | 'p99' | 'failed_share';
  readonly values: readonly number[];
  readonly mean: number;
  /** Standard deviation between runs. */
  readonly sd: number;
  readonly smallest_effects: readonly SmallestEffect[];
}

/** The one-sided chance of a false alarm, and the chance to find an effect of the smallest size. */
const ALPHA = 0.05;
const POWER = 0.8;
const RUNS_A_SIDE = [1, 3, 5, 10] as const;

/**
 * Returns how figures differ between runs in which nothing was changed, and the smallest change that a comparison would
 * find.
 *
 * With the standard deviation s of n runs, a difference between the means of k runs and of k other runs has the
 * standard error s √(2/k). The difference is found with probability 0.8, at a false alarm rate of 0.05, when it is at
 * least (t0.95 + t0.80) s √(2/k). t has n - 1 degrees of freedom (minimum detectable effect: Bloom, Evaluation Review
 * 19, 1995). Two runs have one degree of freedom, and t0.95 + t0.80 is 7.7. For five runs it is 3.1.
 *
 * A change of the failed share must also reach the exact upper bound. Runs without a failure do not differ, but they
 * say nothing about one failure in a thousand requests. With fewer than two runs the effects are NaN.
 */
export function noiseOf(runs: readonly Sample[]): NoiseFigure[] {
  const at = (percent: number): number[] => runs.map(({ latencies }) => latencies.percentile(percent) ?? NaN);
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

/** `floor`: a smaller effect is not found, however little the runs differ. */
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
