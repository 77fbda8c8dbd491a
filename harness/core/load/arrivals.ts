/** A part of the load in which the rate changes evenly. Rates are in requests per second. */
export interface RateStage {
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}

/** The rate over time, from the start of the load. After the last stage the rate stays at the `to` of that stage. */
export interface Arrivals {
  /**
   * constant: a request each time that the integral of the rate reaches a whole number, the first at 0.
   * poisson: the same with exponential steps of mean 1 instead of steps of 1. This is how independent users arrive: in
   * bunches and with gaps.
   */
  readonly process: 'constant' | 'poisson';
  readonly stages: readonly RateStage[];
}

export const constantRate = (ratePerS: number, process: Arrivals['process'] = 'constant'): Arrivals => ({
  process,
  stages: [{ ms: 0, from: ratePerS, to: ratePerS }],
});

/** Returns the stages, followed by a stage without end at the last rate. */
export function withTail(stages: readonly RateStage[]): readonly RateStage[] {
  const rate = stages.at(-1)?.to ?? 0;
  return [...stages, { ms: Infinity, from: rate, to: rate }];
}

/** Returns the rate (requests per second) at `ms` milliseconds after the start of the load. */
export function rateAt({ stages }: Arrivals, ms: number): number {
  let begun = 0;
  for (const stage of stages) {
    if (ms < begun + stage.ms) return stage.from + ((stage.to - stage.from) * (ms - begun)) / stage.ms;
    begun += stage.ms;
  }
  return stages.at(-1)?.to ?? 0;
}

/** Returns the number of requests in the first `ms` milliseconds of the load: the integral of its rate. */
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
 * Returns how many requests a load plans from `fromMs` to `toMs` after its start, with a fraction. For constant
 * arrivals the true number differs by less than one. For Poisson arrivals this is the mean, and the standard deviation
 * is its square root.
 */
export const plannedWithin = (arrivals: Arrivals, fromMs: number, toMs: number): number =>
  Math.max(0, expectedUntil(arrivals, toMs) - expectedUntil(arrivals, fromMs));

/** Returns the highest rate of a load, requests per second. */
export const peakRate = ({ stages }: Arrivals): number => Math.max(0, ...stages.flatMap(({ from, to }) => [from, to]));
