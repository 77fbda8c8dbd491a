/** A stretch of time over which the rate goes in a straight line; rates in requests per second. */
export interface RateStage {
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}

/** The rate over time, from the start of the load. After the last stage its `to` holds for as long as the load lasts. */
export interface Arrivals {
  /**
   * constant: one request each time that the integral of the rate reaches a whole number, the first at 0.
   * poisson: the same, with exponential steps of mean 1 instead of steps of 1: independent users, with their bunches and gaps.
   */
  readonly process: 'constant' | 'poisson';
  readonly stages: readonly RateStage[];
}

export const constantRate = (ratePerS: number, process: Arrivals['process'] = 'constant'): Arrivals => ({
  process,
  stages: [{ ms: 0, from: ratePerS, to: ratePerS }],
});

/** The stages with the one that never ends behind them. */
export function withTail(stages: readonly RateStage[]): readonly RateStage[] {
  const rate = stages.at(-1)?.to ?? 0;
  return [...stages, { ms: Infinity, from: rate, to: rate }];
}

/** The rate at a moment, in milliseconds after the start of the load. */
export function rateAt({ stages }: Arrivals, ms: number): number {
  let begun = 0;
  for (const stage of stages) {
    if (ms < begun + stage.ms) return stage.from + ((stage.to - stage.from) * (ms - begun)) / stage.ms;
    begun += stage.ms;
  }
  return stages.at(-1)?.to ?? 0;
}

/** Integral of the rate over the first `ms` of the load: how many requests it asks for until then. */
function expectedUntil({ stages }: Arrivals, ms: number): number {
  let left = Math.max(0, ms);
  let requests = 0;
  for (const stage of withTail(stages)) {
    const lasts = Math.min(left, stage.ms);
    const end = lasts === stage.ms ? stage.to : stage.from + ((stage.to - stage.from) * lasts) / stage.ms;
    requests += (((stage.from + end) / 2) * lasts) / 1_000;
    left -= lasts;
    if (left <= 0) break;
  }
  return requests;
}

/**
 * Requests that a load plans from `fromMs` to `toMs` after its start. Of constant arrivals it is their number to within
 * one; of Poisson arrivals it is the mean of a number whose standard deviation is its square root.
 */
export const plannedWithin = (arrivals: Arrivals, fromMs: number, toMs: number): number =>
  Math.max(0, expectedUntil(arrivals, toMs) - expectedUntil(arrivals, fromMs));

/** The highest rate that a load ever asks for. */
export const peakRate = ({ stages }: Arrivals): number => Math.max(0, ...stages.flatMap(({ from, to }) => [from, to]));
