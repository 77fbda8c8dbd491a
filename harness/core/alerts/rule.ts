import { promDuration } from './prom-duration.ts';

/** An alert rule as its file has it. */
export interface AlertRuleText {
  readonly name: string;
  readonly expr: string;
  /** As Prometheus writes durations: "10s". Absent: the alert fires at once. */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absolute path. */
  readonly file: string;
}

export interface RuleFiles {
  readonly alerts: readonly AlertRuleText[];
  /** By name: the expressions of recording rules. */
  readonly records: ReadonlyMap<string, string>;
}

/** What a rule's annotation `expect` says, milliseconds. */
export interface Expectation {
  readonly firesMs: number;
  readonly resolvesMs: number;
}

/** Reads "fires within 30s, resolves within 60s". Undefined for anything else. */
export function expectationOf({ annotations }: Pick<AlertRuleText, 'annotations'>): Expectation | undefined {
  const [, fires = '', resolves = ''] =
    /^fires within (\w+), resolves within (\w+)$/.exec(annotations['expect'] ?? '') ?? [];
  const [firesMs, resolvesMs] = [durationOf(fires), durationOf(resolves)];
  return firesMs === undefined || resolvesMs === undefined ? undefined : { firesMs, resolvesMs };
}

/** Reads a duration of Prometheus, milliseconds. Undefined for anything else, and for no time at all. */
const durationOf = (text: string): number | undefined => promDuration(text) || undefined;
