import type { RateStage } from '../../core/load/arrivals.ts';
import type { AutoScalingConfig } from '../../core/record/scaling.ts';
import { type Model, simulate } from './simulate.ts';

/** One change of a policy, and what it would do. */
export interface Mend {
  /** "minInstances: 12" */
  readonly change: string;
  readonly sloBrokenS: number;
  readonly replicaHours: number;
}

/**
 * Returns changes of one value of a policy that shorten the time in which the objective is missed: a warm pool (the smallest
 * that mends most), a lower threshold, a shorter cool-down. The best first.
 */
export function mendsOf(
  model: Model,
  stages: readonly RateStage[],
  config: AutoScalingConfig,
  brokenS: number,
): readonly Mend[] {
  const tried = (change: string, over: Partial<AutoScalingConfig>): Mend => {
    const { sloBrokenS, replicaHours } = simulate(model, stages, { ...config, ...over });
    return { change, sloBrokenS, replicaHours };
  };
  const pools = warmPool(config, (min) => tried(`minInstances: ${min}`, { minInstances: min }));
  const thresholds = [70, 60, 50]
    .filter((up) => up < config.scaleUpThreshold && up > config.scaleDownThreshold)
    .map((up) =>
      tried(`scaleUpThreshold: ${up}`, {
        scaleUpThreshold: up,
        targetCPUUtilization: Math.min(up, config.targetCPUUtilization),
        targetMemoryUtilization: Math.min(up, config.targetMemoryUtilization),
      }),
    );
  const cooldowns = [30, 15, 5]
    .filter((seconds) => seconds < config.cooldownPeriod)
    .map((seconds) => tried(`cooldownPeriod: ${seconds}`, { cooldownPeriod: seconds }));
  return [...pools, ...thresholds, ...cooldowns]
    .filter(({ sloBrokenS }) => sloBrokenS < brokenS)
    .toSorted((a, b) => a.sloBrokenS - b.sloBrokenS || a.replicaHours - b.replicaHours);
}

/** The smallest warm pool that does as well as the largest. More replicas never break the objective for longer. */
function warmPool(config: AutoScalingConfig, tried: (min: number) => Mend): readonly Mend[] {
  let [low, high] = [config.minInstances, config.maxInstances];
  if (low >= high) return [];
  let best = tried(high);
  const { sloBrokenS: least } = best;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const mend = tried(middle);
    if (mend.sloBrokenS <= least) [high, best] = [middle, mend];
    else low = middle;
  }
  return [best];
}
