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
export const durationOf = (text: string): number | undefined => promDuration(text) || undefined;

/** Returns the expression with the expressions of the recording rules that it reads in their places. */
export function inlined(expr: string, records: RuleFiles['records']): string {
  const replaced = expr.replaceAll(/[a-z_]\w*:[\w:]+/gi, (name) => {
    const recorded = records.get(name);
    return recorded === undefined ? name : `(${recorded})`;
  });
  return replaced === expr ? expr : inlined(replaced, records);
}

/** Returns how far back an expression looks, milliseconds. */
export const windowMs = (expr: string): number =>
  Math.max(0, ...[...expr.matchAll(/\[(\w+)\]/g)].map(([, text = '']) => durationOf(text) ?? 0));
