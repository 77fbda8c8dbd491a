import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { formatDuration } from '../core/duration.ts';
import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import { OUTCOMES, SOURCES } from '../core/load/load.ts';
import { duration, lasting } from '../kit/schema.ts';
import { failoverStop } from './failover/stop.ts';
import { primaryLoss } from './failover/primary-loss.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

const params = z.strictObject({
  service: z
    .string()
    .meta({ description: 'A group of the topology with a primary and standbys', examples: ['postgres'] }),
  within: duration,
});

export default defineCheck({
  name: 'failover',
  summary: 'After the loss of the primary another member becomes the primary, and a write is accepted in time.',
  requires: () => ['roles'],
  params,
  example: { service: 'postgres', within: '12s' },
  refers: ({ service }) => ({ group: service, key: 'service' }),
  stopIf: failoverStop(params.extend(lasting(0))),
  describe: ({ service, within }) => `failover of ${service}: ${expectation(within)}`,
  evaluate: (history, p) => [judge(history, p.service, p.within)],
});

const expectation = (within: number): string =>
  `another primary, and a write accepted within ${formatDuration(within)} of the loss`;

function judge(history: History, group: string, within: number): CheckResult {
  const result = {
    name: `failover of ${group}`,
    expected: expectation(within),
    during: ['fault' as const],
  };
  const inconclusive = (observed: string, samples = 0): CheckResult => ({
    ...result,
    verdict: 'INCONCLUSIVE',
    observed,
    samples,
  });
  const loss = primaryLoss({ ...history, topology: history.plan.topology }, group);
  const phase = windowOf(history, 'fault');
  if (loss === undefined || phase === undefined) return inconclusive('no fault took the primary away');
  // Writes that come back by healing are no failover.
  const until = Math.min(phase.ended, loss.record.healing ?? Infinity);
  const writes = acknowledgedWrites(history).filter((done) => done < until);
  const samples = writes.filter((done) => done >= phase.started).length;
  const last = writes.findLast((done) => done <= loss.at);
  if (last === undefined) return inconclusive('no write was acknowledged before the loss', samples);

  const roles = eventsOf(history, 'role').filter(
    (e) => e.group === group && e.t >= loss.record.injecting && e.t < until,
  );
  const noticed = roles.find((e) => e.member === loss.member && e.role !== 'primary');
  const promoted = roles.find((e) => e.member !== loss.member && e.role === 'primary');
  if (!loss.seen && noticed === undefined && promoted === undefined) {
    return inconclusive(`${loss.member} was hit but went on as the primary: nothing shows that it was lost`, samples);
  }
  // A gap that begins when another member is already the primary is not part of the failover.
  const outage = longestGap(writes, loss.at, until, promoted?.t ?? until);
  // The first write of the new primary. A late answer of the old primary does not end the outage.
  const first = writes.find((done) => done >= outage.began + outage.ms);

  const offset = (t: number | undefined): string =>
    t === undefined ? 'never' : `+${formatDuration(Math.max(0, t - loss.at))}`;
  const timeline =
    `${loss.member} lost; last good write ${formatDuration(loss.at - last)} before, noticed ${offset(noticed?.t)}, ` +
    `${promoted?.member ?? 'nobody'} promoted ${offset(promoted?.t)}, first good write ${offset(first)} ` +
    `(writes out for ${formatDuration(outage.ms)})`;
  const counted = { ...result, samples };
  if (promoted !== undefined && first !== undefined) {
    const inTime = first - loss.at <= within && outage.ms <= within;
    const figure = { value: Math.max(first - loss.at, outage.ms), unit: 'duration', worse: 'more' } as const;
    return { ...counted, figure, verdict: inTime ? 'PASS' : 'FAIL', observed: timeline };
  }
  const missing = promoted === undefined ? 'no other member became primary' : 'writes did not come back';
  if (until - loss.at < within) {
    return {
      ...counted,
      verdict: 'INCONCLUSIVE',
      observed: `${missing} in the ${formatDuration(until - loss.at)} of the fault: ${timeline}`,
    };
  }
  return { ...counted, verdict: 'FAIL', observed: `${missing}: ${timeline}` };
}

/** Returns when each acknowledged write of the open stream was acknowledged, in the order of these times. */
function acknowledgedWrites({ plan, requests }: History): Float64Array {
  const kinds = new Map(plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => [e.name, e.kind] as const)));
  const isWrite = requests.endpoints.map((name) => kinds.get(name) === 'write');
  const writes = new Float64Array(requests.length);
  let count = 0;
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] !== OPEN || requests.outcome[i] !== OK || isWrite[requests.endpoint[i] ?? -1] !== true)
      continue;
    writes[count] = requests.done[i] ?? NaN;
    count += 1;
  }
  return writes.slice(0, count).sort();
}

/**
 * Returns the longest time without an acknowledged write within [from, until]. A time that began after `latest` does
 * not count.
 */
function longestGap(
  writes: Float64Array,
  from: number,
  until: number,
  latest: number,
): { readonly began: number; readonly ms: number } {
  let began = from;
  let longest = { began: from, ms: 0 };
  const end = (done: number): void => {
    if (began <= latest && done - began > longest.ms) longest = { began, ms: done - began };
    began = done;
  };
  for (const done of writes) if (done > from && done < until) end(done);
  end(until);
  return longest;
}
