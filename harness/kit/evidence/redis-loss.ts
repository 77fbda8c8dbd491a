import { rise, shown, startOf, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import { KEYS, MISSES } from './redis.ts';

/**
 * At most this share of the keys may be left. A cache in use fills again within a second, so the lowest reading counts.
 */
const LEFT = 0.5;

/** Evidence that the data in Redis is gone: the number of keys fell, and clients asked for keys that were missing. */
export function proveLoss(record: FaultRecord): Evidence {
  const { injecting, injected, healing = Infinity } = record;
  if (injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const readings = record.observations.filter((o) => o.observer === KEYS.id);
  const before = startOf(record, KEYS.id);
  const during = valuesOf(readings.filter((o) => o.t >= injecting && o.t < healing));
  const missed = rise(record, MISSES.id);
  if (before === undefined || during.length === 0 || missed === undefined) {
    return { effective: 'inconclusive', evidence: 'the keys in Redis were not counted before and during the fault' };
  }
  const least = Math.min(...during);
  const evidence =
    `${before} keys before the fault, ${least} keys at the lowest point since; ` +
    `clients asked for missing keys ${missed} times since`;
  if (before === 0) return { effective: 'not effective', evidence: `Redis was empty before the fault: ${evidence}` };
  return shown(least <= before * LEFT && missed > 0, evidence);
}
