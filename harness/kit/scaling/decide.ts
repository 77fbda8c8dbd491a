import {
  type AutoScalingConfig,
  type Clamp,
  type Figure,
  SCALING_METRICS,
  type ScalingDecision,
  type ScalingMetric,
  type ScalingReason,
  type ScalingSituation,
  type Trigger,
} from '../../core/record/scaling.ts';

/** The specification: answers that take longer than this scale up, whatever the group uses. Milliseconds. */
const SLOW_MS = 1_000;

/** A figure in percent of what the group can do, and the percentage at which it shall be after a change. */
interface Usage {
  readonly metric: ScalingMetric;
  readonly percent: number;
  readonly target: number;
}

/**
 * Decides how many instances a group shall have. Pure: the same situation gives the same decision.
 *
 * The order is the specification's: cool-down, more, fewer. It leaves two amounts open, and they are these. Each figure
 * wishes for so many instances that it comes down, or up, to its target: instances x figure / target, rounded up. The
 * target of CPU and memory is in the configuration; of requests and jobs it is `scaleUpThreshold`. The largest wish
 * counts. Up goes to the wish, by at least one instance. Down goes to the largest wish of the stability window.
 */
export function decideScaling(config: AutoScalingConfig, situation: ScalingSituation): ScalingDecision {
  const { minInstances: min, maxInstances: max, cooldownPeriod, scaleUpThreshold: up } = config;
  const { t, instances, changed } = situation;
  const { known, unknown } = figuresOf(config, situation);
  const slow = known.find(({ metric, value }) => metric === 'response_time' && value > SLOW_MS);
  const usages = known.flatMap((figure) => usageOf(config, instances, figure));
  const highest = usages.toSorted((a, b) => wishOf(instances, b) - wishOf(instances, a))[0];
  const none = (reason: ScalingReason, clamps: readonly Clamp[]): ScalingDecision => ({
    action: 'none',
    reason,
    instances,
    targetInstances: instances,
    clamps,
    ...more,
  });
  const busy = usages.some(({ percent }) => percent > up);
  const fromUsage = highest === undefined ? undefined : wishOf(instances, highest);
  const wish = busy || slow !== undefined ? Math.max(fromUsage ?? 0, instances + 1) : fromUsage;
  const trigger = triggerOf(config, highest, slow, busy);
  const more = { ...(wish === undefined ? {} : { wish }), ...(trigger === undefined ? {} : { trigger }) };

  if (instances < min)
    return { action: 'scale_up', reason: 'below_min_instances', instances, targetInstances: min, clamps: [], ...more };
  if (instances > max)
    return {
      action: 'scale_down',
      reason: 'above_max_instances',
      instances,
      targetInstances: max,
      clamps: [],
      ...more,
    };
  if (changed !== undefined && t - changed < cooldownPeriod)
    return none('cooldown_period', wish === undefined || wish === instances ? [] : ['cooldown_period']);
  if (wish === undefined) return none('no_figures', unknown);
  if (busy || slow !== undefined) {
    if (instances === max) return none('within_thresholds', ['max_instances']);
    return changedTo(config, instances, wish, { reason: 'high_resource_usage', clamps: [], ...more });
  }
  if (usages.some(({ percent }) => percent >= config.scaleDownThreshold)) return none('within_thresholds', []);
  if (wish >= instances) return none('within_thresholds', []);
  // Fewer instances for a figure that is not known is a bet. It is lost on the day that matters.
  if (unknown.length > 0) return none('within_thresholds', unknown);
  if (instances === min) return none('within_thresholds', ['min_instances']);
  const since = t - config.stabilityWindow;
  const stable = Math.max(wish, ...situation.wishes.filter((one) => one.t > since).map((one) => one.instances));
  if (stable >= instances) return none('within_thresholds', ['stability_window']);
  const clamps: Clamp[] = stable > wish ? ['stability_window'] : [];
  return changedTo(config, instances, stable, { reason: 'low_resource_usage', clamps, ...more });
}

type Rest = Pick<ScalingDecision, 'reason' | 'clamps' | 'wish' | 'trigger'>;

function changedTo(
  { minInstances: min, maxInstances: max, largestStep }: AutoScalingConfig,
  instances: number,
  wanted: number,
  rest: Rest,
): ScalingDecision {
  const step = Math.max(-largestStep, Math.min(largestStep, wanted - instances));
  const stepped = instances + step;
  const targetInstances = Math.min(max, Math.max(min, stepped));
  const clamps = [
    ...rest.clamps,
    ...(stepped === wanted ? [] : (['largest_step'] as const)),
    ...(targetInstances < stepped ? (['max_instances'] as const) : []),
    ...(targetInstances > stepped ? (['min_instances'] as const) : []),
  ];
  return {
    ...rest,
    action: targetInstances > instances ? 'scale_up' : 'scale_down',
    instances,
    targetInstances,
    clamps,
  };
}

/** Separates the figures that the configuration asks for into those that are known and a clamp for those that are not. */
function figuresOf(
  config: AutoScalingConfig,
  { figures }: ScalingSituation,
): { readonly known: readonly Figure[]; readonly unknown: readonly Clamp[] } {
  const asked = SCALING_METRICS.filter(
    (metric) =>
      (metric !== 'requests' || config.requestsPerInstance !== undefined) &&
      (metric !== 'queue' || config.jobsPerInstance !== undefined),
  );
  const known = figures.filter(
    ({ metric, value, age }) => asked.includes(metric) && Number.isFinite(value) && age <= config.staleAfter,
  );
  // Without requests there are no answers, so there is no response time. Usage alone decides then.
  const missing = asked.filter((metric) => metric !== 'response_time' && !known.some((one) => one.metric === metric));
  return { known, unknown: missing.length > 0 ? ['unknown_figures'] : [] };
}

function usageOf(config: AutoScalingConfig, instances: number, { metric, value }: Figure): readonly Usage[] {
  const { targetCPUUtilization, targetMemoryUtilization, scaleUpThreshold, requestsPerInstance, jobsPerInstance } =
    config;
  const share = (each: number | undefined): readonly Usage[] =>
    each === undefined
      ? []
      : [{ metric, percent: (100 * value) / (Math.max(1, instances) * each), target: scaleUpThreshold }];
  switch (metric) {
    case 'cpu':
      return [{ metric, percent: value, target: targetCPUUtilization }];
    case 'memory':
      return [{ metric, percent: value, target: targetMemoryUtilization }];
    case 'requests':
      return share(requestsPerInstance);
    case 'queue':
      return share(jobsPerInstance);
    case 'response_time':
      return [];
  }
}

/** Rounding errors must not ask for one instance more. */
const wishOf = (instances: number, { percent, target }: Usage): number =>
  Math.max(1, Math.ceil((instances * percent) / target - 1e-9));

function triggerOf(
  config: AutoScalingConfig,
  highest: Usage | undefined,
  slow: Figure | undefined,
  busy: boolean,
): Trigger | undefined {
  if (slow !== undefined && !busy) return { metric: 'response_time', value: slow.value, threshold: SLOW_MS };
  if (highest === undefined) return undefined;
  const { metric, percent: value } = highest;
  const threshold = busy ? config.scaleUpThreshold : config.scaleDownThreshold;
  return { metric, value, threshold };
}
