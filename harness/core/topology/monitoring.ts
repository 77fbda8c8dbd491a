/** The labels of a sample, an alert or a rule, with the name of the metric as `__name__`. */
export type MetricLabels = Readonly<Record<string, string>>;

/** What an expression is for one set of labels at one moment. A value may be NaN or infinite. */
export interface QuerySample {
  readonly labels: MetricLabels;
  readonly value: number;
}

/** Every sample that Prometheus keeps of one set of labels in a stretch of time. */
export interface QueryLine {
  readonly labels: MetricLabels;
  /** `t`: epoch milliseconds. */
  readonly points: readonly { readonly t: number; readonly value: number }[];
}

/** An alert that is pending or firing. Prometheus lists no others. */
export interface ActiveAlert {
  readonly name: string;
  /** Without `alertname`. */
  readonly labels: MetricLabels;
  readonly state: 'pending' | 'firing';
  /** When its expression became true, epoch milliseconds. */
  readonly since: number;
  readonly value: number;
}

interface RuleBase {
  readonly name: string;
  readonly query: string;
  /** False when the last evaluation failed. `problem` says why. */
  readonly ok: boolean;
  readonly problem: string;
  /** Epoch milliseconds; 0 when it was never evaluated. */
  readonly evaluated: number;
  /** Milliseconds between two evaluations. */
  readonly everyMs: number;
}

interface RecordingRule extends RuleBase {
  readonly type: 'recording';
}

export interface AlertRule extends RuleBase {
  readonly type: 'alerting';
  /** The labels that the rule gives its alerts. */
  readonly labels: MetricLabels;
  /** How long its expression must be true before the alert fires, milliseconds. */
  readonly forMs: number;
}

export type MonitoringRule = RecordingRule | AlertRule;

/** An alert in a notification that Alertmanager delivered to the pager. */
export interface Delivery {
  /** Counts from 1. The alerts of one notification have the same number. */
  readonly n: number;
  /** When the pager received it, epoch milliseconds. */
  readonly at: number;
  readonly name: string;
  /** Without `alertname`. */
  readonly labels: MetricLabels;
  readonly status: 'firing' | 'resolved';
}

/** What Prometheus reads figures from. */
export interface ScrapeTarget {
  /** "http://172.30.78.5:3000/metrics". */
  readonly url: string;
  /** Whether Prometheus has tried to read it at least once. */
  readonly tried: boolean;
}

/**
 * The monitoring of a topology. Each call has a deadline of its own. Throws CHAOS_PROMETHEUS when nobody answers in time,
 * CHAOS_PROMQL when Prometheus refuses the expression, and CHAOS_LACKS when the topology has no monitoring.
 */
export interface MonitoringControl {
  /** Resolves with what an expression is at a time (epoch milliseconds), by default now. */
  query(expression: string, at?: number): Promise<readonly QuerySample[]>;
  /** Resolves with every kept sample of a selector from `from` to `to`, epoch milliseconds. */
  samples(selector: string, from: number, to: number): Promise<readonly QueryLine[]>;
  alerts(): Promise<readonly ActiveAlert[]>;
  rules(): Promise<readonly MonitoringRule[]>;
  version(): Promise<string>;
  /** Resolves with the time at which Prometheus was started, epoch milliseconds. */
  started(): Promise<number>;
  /** Resolves with what Prometheus reads at present. A Prometheus that has just started has no targets for some seconds. */
  targets(): Promise<readonly ScrapeTarget[]>;
  /** Resolves with what the pager received after the delivery with this number; undefined when there is no pager. */
  deliveries(after: number): Promise<readonly Delivery[] | undefined>;
}
