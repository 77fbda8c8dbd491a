import { formatDuration } from '../../core/duration.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { faultRecords } from '../../core/record/history.ts';
import type { LoadTick } from '../../core/load/load.ts';
import { defineStopRule, type StopReading, type StopRule } from '../../core/kinds/stop-rule.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { ZodType } from 'zod';
import { LOAD_MS } from '../../kit/series/load.ts';
import { primaryLoss } from './primary-loss.ts';

interface Params {
  readonly service: string;
  readonly within: number;
}

/** Milliseconds. An answer that has arrived may be counted only in the next second of the load. */
const LATE_MS = 1_000;

/**
 * Stops a run when the failover has certainly failed: the primary was lost, and no write was accepted for longer than
 * `within`. Whatever comes later, the check judges the finished record as FAIL.
 */
export const failoverStop = (params: ZodType<Params & { readonly for: number }>): StopRule =>
  defineStopRule<Params>({
    summary:
      'Ends the run when the primary was lost and no write was accepted for too long: the failover has failed then.',
    params,
    example: { service: 'postgres', within: '12s' },
    spanMs: () => 0,
    everyMs: () => LOAD_MS,
    describe: ({ service, within }) =>
      `no write accepted within ${formatDuration(within)} of the loss of ${service}'s primary`,
    refers: ({ service }) => ({ group: service, key: 'service' }),
    watch({ service, within }, spec) {
      const seen: RunEvent[] = [];
      const writes: Writes = { first: undefined, last: undefined };
      let over = false;
      return (event) => {
        if (event.kind === 'phase.ended' && event.phase === 'fault') over = true;
        if (isNeeded(event)) seen.push(event);
        if (over || event.kind !== 'load' || event.writes === undefined) return [];
        if (event.writes.ok === 0) return judgeSecond(event, seen, writes, service, within, spec);
        writes.first ??= event.t;
        writes.last = event.t;
        return [{ holds: false, observed: '' }];
      };
    },
  });

/** The ends of the first and the last second in which a write was acknowledged; epoch milliseconds. */
interface Writes {
  first: number | undefined;
  last: number | undefined;
}

const NEEDED: ReadonlySet<RunEvent['kind']> = new Set([
  'fault.injecting',
  'fault.injected',
  'fault.healing',
  'role',
  'container',
]);
const isNeeded = (event: RunEvent): boolean => NEEDED.has(event.kind);

function judgeSecond(
  { t }: LoadTick,
  events: readonly RunEvent[],
  { first = Infinity, last = -Infinity }: Writes,
  group: string,
  within: number,
  topology: TopologySpec,
): readonly StopReading[] {
  if (t - last <= within) return [];
  const loss = primaryLoss({ events, faults: faultRecords(events, () => []), topology }, group);
  // Writes that come back by healing are no failover.
  if (loss === undefined || loss.record.healing !== undefined || first >= loss.record.injecting) return [];
  const roles = events.filter((e) => e.kind === 'role' && e.group === group && e.t >= loss.record.injecting);
  const isPrimary = (e: RunEvent): boolean => e.kind === 'role' && e.role === 'primary';
  const isLost = (e: RunEvent): boolean => e.kind === 'role' && e.member === loss.member;
  const promoted = roles.find((e) => isPrimary(e) && !isLost(e));
  const noticed = roles.some((e) => isLost(e) && !isPrimary(e));
  if (!loss.seen && !noticed && promoted === undefined) return [];
  const from = Math.max(loss.at, last);
  // A gap that begins when another member is already the primary is not part of the failover.
  if (from > (promoted?.t ?? Infinity) || t - from <= within + LATE_MS) return [];
  const observed = `${loss.member} was lost, ${promoted === undefined ? 'no other member became primary' : 'another member became primary'}, and no write was accepted for ${formatDuration(t - from)}`;
  return [{ holds: true, observed }];
}
