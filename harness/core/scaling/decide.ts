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
} from '../record/scaling.ts';

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
 * The order is the specification's: cool-down, more, fewer. It says nothing of a group that is smaller or larger than it
 * may be: that is put right first, after the cool-down. It leaves two amounts open, and they are these. Each figure
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
  const highest = mostWished(instances, usages);
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
  const trigger = triggerOf(config, instances, usages, slow);
  const more = { ...(wish === undefined ? {} : { wish }), ...(trigger === undefined ? {} : { trigger }) };

  if (changed !== undefined && t - changed < cooldownPeriod)
    return none('cooldown_period', wish === undefined || wish === instances ? [] : ['cooldown_period']);
  if (instances < min) return changedTo(config, instances, min, { reason: 'below_min_instances', clamps: [], ...more });
  if (instances > max) return changedTo(config, instances, max, { reason: 'above_max_instances', clamps: [], ...more });
  if (wish === undefined) return none('no_figures', unknown);
  if (busy || slow !== undefined) {
    if (instances === max) return none('within_thresholds', ['max_instances']);
    // Answers may be slow because of something that more instances do not help, or make worse.
    const most = busy ? Infinity : Math.max(min, fromUsage ?? min) + (config.slowAnswersAdd ?? Infinity);
    if (instances >= most) return none('within_thresholds', ['slow_answers']);
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
  // A group that is smaller or larger than it may be comes into its range by steps.
  const [least, most] = [Math.min(min, instances), Math.max(max, instances)];
  const targetInstances = Math.min(most, Math.max(least, stepped));
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

/** Of the figures above the upper threshold, or else of all, the figure that wishes for most decides. */
function triggerOf(
  { minInstances: min, maxInstances: max, scaleUpThreshold: up, scaleDownThreshold: down }: AutoScalingConfig,
  instances: number,
  usages: readonly Usage[],
  slow: Figure | undefined,
): Trigger | undefined {
  if (instances < min || instances > max)
    return { metric: 'instances', value: instances, threshold: instances < min ? min : max };
  const busy = usages.filter(({ percent }) => percent > up);
  if (slow !== undefined && busy.length === 0)
    return { metric: 'response_time', value: slow.value, threshold: SLOW_MS };
  const most = mostWished(instances, busy.length > 0 ? busy : usages);
  return most === undefined
    ? undefined
    : { metric: most.metric, value: most.percent, threshold: busy.length > 0 ? up : down };
}

const mostWished = (instances: number, usages: readonly Usage[]): Usage | undefined =>
  usages.toSorted((a, b) => wishOf(instances, b) - wishOf(instances, a))[0];
