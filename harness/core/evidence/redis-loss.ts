import { rise, shown, startOf, valuesOf } from './evidence.ts';
import type { Evidence, FaultRecord } from '../fault.ts';
import { KEYS, MISSES } from './redis.ts';

/** A cache in use fills again within a second: what the least full look shows is judged. */
const LEFT = 0.5;

/** Evidence that what was in Redis is gone: the keys fell at once, and those who asked for them asked in vain. */
export function proveLoss(record: FaultRecord): Evidence {
  const { injecting, injected, healing = Infinity } = record;
  if (injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
  const looks = record.observations.filter((o) => o.observer === KEYS.id);
  const before = startOf(record, KEYS.id);
  const during = valuesOf(looks.filter((o) => o.t >= injecting && o.t < healing));
  const missed = rise(record, MISSES.id);
  if (before === undefined || during.length === 0 || missed === undefined) {
    return { effective: 'inconclusive', evidence: 'the keys in Redis were not seen before and during' };
  }
  const least = Math.min(...during);
  const evidence = `${before} keys before, ${least} at the least after; ${missed} keys were asked for in vain since`;
  if (before === 0) return { effective: 'not effective', evidence: `Redis was empty: ${evidence}` };
  return shown(least <= before * LEFT && missed > 0, evidence);
}
