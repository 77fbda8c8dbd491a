import { z } from 'zod';
import { defineCheck } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import { formatDuration } from '../core/duration.ts';
import { eventsOf, type History, windowOf } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load.ts';
import { duration } from '../core/schema.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

const params = z.strictObject({
  of: z.string().meta({ description: 'A group of the topology with a primary and standbys', examples: ['postgres'] }),
  within: duration,
});

export default defineCheck({
  name: 'failover',
  summary: "After the primary's loss another member becomes primary, and the first write is accepted in time.",
  params,
  example: { of: 'postgres', within: '12s' },
  refers: (p) => ({ group: p.of }),
  evaluate: (history, p) => [judge(history, p.of, p.within)],
});

function judge(history: History, group: string, within: number): CheckResult {
  const result = {
    name: `failover of ${group}`,
    expected: `another primary, and a write accepted within ${formatDuration(within)} of the loss`,
    samples: 0,
    during: ['fault' as const],
  };
  const unclear = (observed: string): CheckResult => ({ ...result, verdict: 'INCONCLUSIVE', observed });
  const loss = primaryLoss(history, group);
  if (loss === undefined) return unclear('no fault took the primary away');
  const writes = acknowledgedWrites(history);
  const fault = windowOf(history, 'fault');
  if (writes.length === 0 || fault === undefined) return unclear('not one write was acknowledged');
  const last = writes.findLast((w) => w.done <= loss.at)?.done;
  const outage = longestGap(writes, loss.at, fault.ended);
  const roles = eventsOf(history, 'role').filter((e) => e.group === group && e.t >= loss.at);
  const promoted = roles.find((e) => e.role === 'primary' && e.member !== loss.member);
  const noticed = roles.find((e) => e.member === loss.member && e.role !== 'primary');
  const after = (t: number | undefined): string => (t === undefined ? 'never' : `+${formatDuration(Math.max(0, t - loss.at))}`);
  const first = outage.ended;
  const timeline =
    `${loss.member} lost; last good write ${last === undefined ? 'none before' : `${formatDuration(loss.at - last)} before`}, ` +
    `noticed ${after(noticed?.t)}, ${promoted?.member ?? 'nobody'} promoted ${after(promoted?.t)}, first good write ${after(first)} ` +
    `(writes out for ${formatDuration(outage.ms)})`;
  const samples = writes.length;
  if (promoted === undefined) {
    return { ...result, samples, verdict: 'FAIL', observed: `no other member became primary: ${timeline}` };
  }
  if (first === undefined) return { ...result, samples, verdict: 'FAIL', observed: `writes did not come back: ${timeline}` };
  return { ...result, samples, verdict: first - loss.at <= within ? 'PASS' : 'FAIL', observed: timeline };
}

/** Who was primary when a fault first hit it, and when it was gone: by the container's own record, else by the fault's. */
function primaryLoss(history: History, group: string): { member: string; at: number } | undefined {
  const members = history.plan.topology.groups[group] ?? [];
  const roles = eventsOf(history, 'role').filter((e) => e.group === group);
  for (const record of history.faults) {
    if (record.injected === undefined) continue;
    const member = members.find((name) => roles.findLast((e) => e.member === name && e.t <= record.injecting)?.role === 'primary');
    if (member === undefined || !record.targets.some((target) => target.includes(`-${member}-`))) continue;
    const finished = record.states.find((s) => !s.running && s.finishedAt >= record.injecting - 1)?.finishedAt;
    return { member, at: Math.min(finished ?? record.injected, record.injected) };
  }
  return undefined;
}

interface Write {
  readonly sent: number;
  readonly done: number;
}

/** Acknowledged writes of the open stream, by the time of their acknowledgement. */
function acknowledgedWrites({ plan, requests }: History): Write[] {
  const kinds = new Map(plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => [e.name, e.kind] as const)));
  const isWrite = requests.endpoints.map((name) => kinds.get(name) === 'write');
  const writes: Write[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] !== OPEN || requests.outcome[i] !== OK || isWrite[requests.endpoint[i] ?? -1] !== true) continue;
    writes.push({ sent: requests.sent[i] ?? NaN, done: requests.done[i] ?? NaN });
  }
  return writes.sort((a, b) => a.done - b.done);
}

/** The longest time without an acknowledged write that touches [from, until): how long, and the write that ended it. */
function longestGap(writes: readonly Write[], from: number, until: number): { ms: number; ended: number | undefined } {
  let begun = writes.findLast((w) => w.done <= from)?.done ?? from;
  let longest = { ms: 0, ended: undefined as number | undefined };
  for (const { done } of writes) {
    if (done <= from) continue;
    if (begun >= until) break;
    if (done - begun > longest.ms) longest = { ms: done - begun, ended: done < until ? done : undefined };
    begun = done;
  }
  // Nothing more until the end of the phase: still out.
  if (until - begun > longest.ms) longest = { ms: until - begun, ended: undefined };
  return longest;
}
