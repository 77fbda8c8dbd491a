import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import { faultRecords } from '../core/history.ts';
import type { LoadTick } from '../core/load/load.ts';
import { defineStopRule, type Look, type StopRule } from '../core/stop-rule.ts';
import type { TopologySpec } from '../core/topology.ts';
import type { ZodType } from 'zod';
import { primaryLoss } from './primary-loss.ts';

interface Params {
  readonly of: string;
  readonly within: number;
}

/** An answer that is there already may be counted in the next second only. */
const LATE_MS = 1_000;

/**
 * Stops once the failover has failed for certain: the primary was lost, and for longer than `within` no write was
 * accepted. Whatever comes after, the finished record is judged FAIL.
 */
export const failoverStop = (params: ZodType<Params>): StopRule =>
  defineStopRule<Params>({
    params,
    example: { of: 'postgres', within: '12s' },
    spanMs: 0,
    grace: 0,
    describe: ({ of, within }) => `no write accepted within ${formatDuration(within)} of the loss of ${of}'s primary`,
    refers: ({ of }) => ({ group: of }),
    watch({ of, within }, spec) {
      const seen: RunEvent[] = [];
      const writes: Writes = { first: undefined, last: undefined };
      let over = false;
      return (event) => {
        if (event.kind === 'phase.ended' && event.phase === 'fault') over = true;
        if (isTold(event)) seen.push(event);
        if (over || event.kind !== 'load' || event.writes === undefined) return [];
        if (event.writes.ok === 0) return lookAt(event, seen, writes, of, within, spec);
        writes.first ??= event.t;
        writes.last = event.t;
        return [{ holds: false, observed: '' }];
      };
    },
  });

/** Ends of seconds in which a write was acknowledged. */
interface Writes {
  first: number | undefined;
  last: number | undefined;
}

const TOLD: ReadonlySet<RunEvent['kind']> = new Set([
  'fault.injecting',
  'fault.injected',
  'fault.healing',
  'role',
  'container',
]);
const isTold = (event: RunEvent): boolean => TOLD.has(event.kind);

function lookAt(
  { t }: LoadTick,
  events: readonly RunEvent[],
  { first = Infinity, last = -Infinity }: Writes,
  group: string,
  within: number,
  topology: TopologySpec,
): readonly Look[] {
  if (t - last <= within) return [];
  const loss = primaryLoss({ events, faults: faultRecords(events, () => []), topology }, group);
  // What healing brings back is no failover.
  if (loss === undefined || loss.record.healing !== undefined || first >= loss.record.injecting) return [];
  const roles = events.filter((e) => e.kind === 'role' && e.group === group && e.t >= loss.record.injecting);
  const isPrimary = (e: RunEvent): boolean => e.kind === 'role' && e.role === 'primary';
  const isLost = (e: RunEvent): boolean => e.kind === 'role' && e.member === loss.member;
  const promoted = roles.find((e) => isPrimary(e) && !isLost(e));
  const noticed = roles.some((e) => isLost(e) && !isPrimary(e));
  if (!loss.seen && !noticed && promoted === undefined) return [];
  const from = Math.max(loss.at, last);
  // A gap that begins when another member leads already is not the failover's.
  if (from > (promoted?.t ?? Infinity) || t - from <= within + LATE_MS) return [];
  const observed = `${loss.member} was lost, ${promoted === undefined ? 'no other member became primary' : 'another member became primary'}, and no write was accepted for ${formatDuration(t - from)}`;
  return [{ holds: true, observed }];
}
