import type { Clamp, ScalingDecision, ScalingReason, Trigger } from '../../core/record/scaling.ts';

const NAMES: Readonly<Record<Trigger['metric'], string>> = {
  cpu: 'CPU',
  memory: 'memory',
  response_time: 'p95',
  requests: 'requests',
  queue: 'waiting jobs',
  instances: 'instances',
};

const CLAMPED: Readonly<Record<Clamp, string>> = {
  cooldown_period: 'the cool-down is not over',
  largest_step: 'one change is no larger',
  max_instances: 'there may be no more',
  min_instances: 'there may be no fewer',
  slow_answers: 'slow answers alone ask for no more',
  stability_window: 'more were asked for a moment ago',
  unknown_figures: 'a figure is not known',
};

/** Says why a decision is not what the figures wish for. */
export const clampInWords = (clamp: Clamp): string => CLAMPED[clamp];

export const reasonInWords = (reason: ScalingReason): string => reason.replaceAll('_', ' ');

/** "CPU 95 % (threshold 80 %)" */
export const triggerInWords = ({ metric, value, threshold }: Trigger): string => {
  if (metric === 'instances') return `${value} of ${threshold}`;
  const unit = metric === 'response_time' ? 'ms' : '%';
  return `${NAMES[metric]} ${Math.round(value)} ${unit} (threshold ${threshold} ${unit})`;
};

/** Says for people why a group has the number of instances that it shall have: "app stays at 10: ...". */
export function whyScaled(service: string, decision: ScalingDecision): string {
  const { action, reason, instances, targetInstances, wish, clamps, trigger } = decision;
  const what = action === 'none' ? `stays at ${instances}` : `goes from ${instances} to ${targetInstances}`;
  const why = trigger === undefined ? reasonInWords(reason) : `${reasonInWords(reason)}, ${triggerInWords(trigger)}`;
  const kept = wish === undefined || wish === targetInstances ? '' : `; ${wish} were wished for`;
  const by = clamps.length === 0 ? '' : `, but ${clamps.map(clampInWords).join(', and ')}`;
  return `${service} ${what}: ${why}${kept}${by}`;
}
