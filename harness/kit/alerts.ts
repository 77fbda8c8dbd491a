import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import type { Labels } from '../core/kinds/series.ts';
import { isMeantBy } from '../core/record/alerts.ts';

/** What a hypothesis wants of the watch on the alerts. The check and the probe share these parameters. */
export const watchedParams = z.strictObject({
  /** Absent: every alert with the labels. */
  name: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type WatchedAlert = z.output<typeof watchedParams>;

/** Returns an alert for people: "HighErrorRatio{severity=page}". */
export function alertText({ name, labels = {} }: WatchedAlert): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${name ?? 'any alert'}${pairs.length === 0 ? '' : ` {${pairs.join(', ')}}`}`;
}

/** Whether a rule may give an alert that is meant. Labels that the rule does not give come from what it reads. */
export function mayGive(
  rule: { readonly name: string; readonly labels: Labels },
  { name, labels = {} }: WatchedAlert,
): boolean {
  const given = Object.entries(labels).filter(([key]) => name === undefined || key in rule.labels);
  return isMeantBy({ name, labels: Object.fromEntries(given) }, rule);
}

const LONG: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
];

/** Returns how far a rule looks back, for people: "3 d", "6 h", "10.0 s". */
export function backText(ms: number): string {
  const [per, unit] = LONG.find(([per]) => ms >= per && ms % per === 0) ?? [];
  return per === undefined || unit === undefined ? formatDuration(ms) : `${ms / per} ${unit}`;
}
