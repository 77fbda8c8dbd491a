import { digestOf } from '../../core/freshness/digest.ts';
import type { Suite } from '../../core/suite/suite.ts';

/** Returns a digest of what a suite asks: its experiments as read, with their settings. The order does not count. */
export function suiteDigest({ entries, gaps }: Pick<Suite, 'entries' | 'gaps'>): string {
  const asked = entries
    .map(({ key, plan: { topology, ...plan }, environment, expect }) => ({
      key,
      plan,
      project: topology.project,
      environment,
      expect,
    }))
    .toSorted((a, b) => a.key.localeCompare(b.key));
  if (gaps === undefined) return digestOf(asked);
  const { minutes, like, again } = gaps;
  return digestOf({ asked, gaps: { minutes, like, again } });
}
