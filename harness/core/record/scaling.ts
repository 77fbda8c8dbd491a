/**
 * How a group of instances is scaled: the AutoScalingConfig of WedSync's specification, with its names. The others are
 * what the specification asks for in words.
 */
export interface AutoScalingConfig {
  readonly minInstances: number;
  readonly maxInstances: number;
  /** After a change, the group shall use this share of its processors and of its memory. Percent. */
  readonly targetCPUUtilization: number;
  readonly targetMemoryUtilization: number;
  /** A figure above `scaleUpThreshold` asks for more instances, and all figures below the other for fewer. Percent. */
  readonly scaleUpThreshold: number;
  readonly scaleDownThreshold: number;
  /** After a change nothing is changed for this long. Seconds. */
  readonly cooldownPeriod: number;
  /** Requests a second that are 100 % of what one instance serves. Undefined: requests are not looked at. */
  readonly requestsPerInstance?: number | undefined;
  /** Waiting jobs that are 100 % of what one instance works off. Undefined: the queue is not looked at. */
  readonly jobsPerInstance?: number | undefined;
  /** Fewer instances only when no decision of this many seconds has wished for more than that. */
  readonly stabilityWindow: number;
  /** One decision adds or takes away at most so many instances. */
  readonly largestStep: number;
  /**
   * Slow answers alone bring a group to at most so many instances more than the other figures ask for. Undefined: to
   * `maxInstances`, as the specification says.
   */
  readonly slowAnswersAdd?: number | undefined;
  /** A figure that is older is not known. Seconds. */
  readonly staleAfter: number;
}

export const SCALING_METRICS = ['cpu', 'memory', 'response_time', 'requests', 'queue'] as const;
export type ScalingMetric = (typeof SCALING_METRICS)[number];

/** A figure of the whole group. cpu, memory: percent; response_time: ms; requests: a second; queue: jobs. */
export interface Figure {
  readonly metric: ScalingMetric;
  readonly value: number;
  /** Seconds from the reading to the decision. */
  readonly age: number;
}

/** Everything that a decision is made from. */
export interface ScalingSituation {
  /** Seconds, on any scale. */
  readonly t: number;
  /** How many instances the group has, ready or not. */
  readonly instances: number;
  readonly figures: readonly Figure[];
  /** When the group was changed last. Undefined: never. */
  readonly changed?: number | undefined;
  /** What earlier decisions wished for. */
  readonly wishes: readonly { readonly t: number; readonly instances: number }[];
}

/** The first four are the specification's. The others are the cases of which it says nothing. */
export type ScalingReason =
  | 'cooldown_period'
  | 'high_resource_usage'
  | 'low_resource_usage'
  | 'within_thresholds'
  | 'below_min_instances'
  | 'above_max_instances'
  | 'no_figures';

/** What kept a decision from its wish. */
export type Clamp =
  | 'cooldown_period'
  | 'largest_step'
  | 'max_instances'
  | 'min_instances'
  | 'slow_answers'
  | 'stability_window'
  | 'unknown_figures';

export interface ScalingDecision {
  readonly action: 'none' | 'scale_up' | 'scale_down';
  readonly reason: ScalingReason;
  readonly instances: number;
  readonly targetInstances: number;
  /** The number of instances that the figures alone ask for. Undefined when no figure is known. */
  readonly wish?: number;
  readonly clamps: readonly Clamp[];
  /** The figure that decided, and the threshold that it is beyond or within: the figure that asks for most. */
  readonly trigger?: Trigger;
}

export interface Trigger {
  /** "instances": the number itself was too small or too large. */
  readonly metric: ScalingMetric | 'instances';
  /** Percent; milliseconds for the response time; a number of instances. */
  readonly value: number;
  readonly threshold: number;
}

/** One decision with all that it was made from, so that it can be made again. */
export interface Scaling {
  readonly config: AutoScalingConfig;
  readonly situation: ScalingSituation;
  readonly decision: ScalingDecision;
}
