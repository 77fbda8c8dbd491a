import { iso } from '../clock.ts';
import { eventsOf, type History } from './history.ts';

/** One change of the number of instances, under the names of the specification's table auto_scaling_events. */
export interface AutoScalingEvent {
  readonly scaling_group: string;
  readonly scaling_action: 'scale_up' | 'scale_down';
  readonly previous_capacity: number;
  readonly new_capacity: number;
  readonly trigger_metric: string;
  readonly trigger_value: number;
  readonly threshold_value: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Returns every change of the number of instances that a run recorded, in the order of time. */
export const autoScalingEvents = (history: Pick<History, 'events'>): AutoScalingEvent[] =>
  eventsOf(history, 'scaled').map((e) => ({
    scaling_group: e.group,
    scaling_action: e.action,
    previous_capacity: e.from,
    new_capacity: e.to,
    trigger_metric: e.metric,
    trigger_value: e.value,
    threshold_value: e.threshold,
    timestamp: iso(e.t),
  }));
