import type { MetricLabels } from '../topology/monitoring.ts';

/** An alert rule of Prometheus. */
export interface AlertRuleSeen {
  readonly name: string;
  /** The labels that the rule gives its alerts. */
  readonly labels: MetricLabels;
  /** How long its expression must be true before the alert fires, milliseconds. */
  readonly for_ms: number;
  /** Milliseconds between two evaluations. */
  readonly every_ms: number;
  /** How far back the rule looks, through recording rules too, milliseconds. */
  readonly looks_back_ms: number;
  /**
   * The oldest sample within this time of what the rule reads, epoch milliseconds. Null when there was none, and when the
   * rule does not look back.
   */
  readonly oldest: number | null;
  /** True when this sample is of a history that was made up. Absent otherwise. */
  readonly backfilled?: true;
  /** The ratios above which the rule fires: alternatives, each with limits that must all be exceeded. Empty for others. */
  readonly burns: readonly (readonly BurnLimit[])[];
}

/** A rule fires when a ratio over `ms` milliseconds is above `above`. */
export interface BurnLimit {
  readonly above: number;
  readonly ms: number;
}

export interface AlertSeen {
  readonly name: string;
  /** Without `alertname`. */
  readonly labels: MetricLabels;
  readonly state: 'inactive' | 'pending' | 'firing';
  /** When the state began, as far as it is known: epoch milliseconds, by the clock of the run. */
  readonly at: number;
  /** Null when the alert is inactive. */
  readonly value: number | null;
}

/** What Prometheus kept about one alert: the times of its evaluations, as stretches. Epoch milliseconds. */
export interface AlertKept {
  readonly name: string;
  readonly labels: MetricLabels;
  /** From the first evaluation with the state to the first without it; `to` is null when there is none. */
  readonly spans: readonly {
    readonly state: 'pending' | 'firing';
    readonly from: number;
    readonly to: number | null;
  }[];
}

/** An alert rule when the watch ended. */
export interface RuleAtEnd {
  readonly name: string;
  readonly labels: MetricLabels;
  /** False when its evaluation failed. */
  readonly ok: boolean;
  /** Whether anything that it reads was there. A rule that reads nothing can never fire. */
  readonly fed: boolean;
}
