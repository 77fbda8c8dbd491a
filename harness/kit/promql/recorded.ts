import type { MonitoringRule } from '../../core/topology/monitoring.ts';

/** Returns the expressions of the recording rules, by the name that they give. Several rules may give one name. */
export function recordedBy(rules: readonly MonitoringRule[]): ReadonlyMap<string, readonly string[]> {
  const recording = rules.filter(({ type }) => type === 'recording');
  const byName = Map.groupBy(recording, ({ name }) => name);
  return new Map([...byName].map(([name, some]) => [name, some.map(({ query }) => query)]));
}
