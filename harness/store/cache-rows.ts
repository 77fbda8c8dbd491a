import { iso } from '../core/clock.ts';
import type { EventOf } from '../core/record/events.ts';
import { decimal, percent } from './numbers.ts';
import type { SqlRow } from './sql.ts';

type CacheEvent = EventOf<'cache'>;

/** Returns how much a counter rose over its readings. A fall means a restart, and the counter goes on from 0. */
function rise(readings: readonly number[]): number {
  return readings
    .slice(1)
    .reduce((sum, value, i) => sum + (value >= (readings[i] ?? 0) ? value - (readings[i] ?? 0) : value), 0);
}

/**
 * Returns the mean milliseconds of the lookups during the run. The readings hold means since the counter's start, so
 * the mean of the run is computed from the first and the last reading.
 */
function averageMs(events: readonly CacheEvent[]): number | null {
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined || last.average_ms === null) return null;
  const before = first.hits + first.misses;
  const after = last.hits + last.misses;
  if (first.average_ms === null || after <= before) return last.average_ms;
  return Math.max(0, (last.average_ms * after - first.average_ms * before) / (after - before));
}

/**
 * Returns one row for each pair of cache and key pattern. All three rates are in percent of the lookups during the run,
 * the eviction rate too. A pair without lookups has no row.
 */
export function cacheRows(events: readonly CacheEvent[]): SqlRow[] {
  const groups = Map.groupBy(events, (e) => `${e.layer} ${e.pattern}`);
  return [...groups.values()].flatMap((of) => {
    const last = of.at(-1);
    const hits = rise(of.map((e) => e.hits));
    const lookups = hits + rise(of.map((e) => e.misses));
    if (last === undefined || lookups === 0) return [];
    return {
      cache_type: last.layer,
      cache_key_pattern: last.pattern.slice(0, 200),
      hit_rate: decimal(percent(hits, lookups), 5, 2),
      miss_rate: decimal(percent(lookups - hits, lookups), 5, 2),
      eviction_rate: decimal(percent(rise(of.map((e) => e.evictions)), lookups), 5, 2),
      average_response_time_ms: decimal(averageMs(of), 8, 3),
      timestamp: iso(last.t),
    };
  });
}
