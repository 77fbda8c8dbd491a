import { OUTCOMES, type Outcome, type Workload } from '../../../harness/core/load/load.ts';
import type { EventOf } from '../../../harness/core/record/events.ts';
import type { Random } from '../../../harness/core/random.ts';
import type { RequestRow } from '../../../harness/core/load/samples.ts';
import { requestShares } from '../../../harness/core/load/workload-rate.ts';

export interface SampleLoad {
  readonly workload: Workload;
  readonly ratePerS: number;
  readonly random: Random;
  /** Epoch milliseconds: the beginning and the end of the load, and the outage of writes. */
  readonly started: number;
  readonly ended: number;
  readonly outage: { readonly from: number; readonly until: number } | undefined;
}

const TIMEOUT_MS = 2_000;

/** Draws a time in milliseconds from a log-normal distribution. `spread` is its sigma. */
function skewed(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(normal * spread);
}

/**
 * The outcome of a write while there is no primary: an error at once, no answer in time, or success because the new
 * primary comes in time. The new primary comes after `left` milliseconds.
 */
function duringOutage(random: Random, left: number): { outcome: Outcome; ms: number; status: number } {
  if (left < TIMEOUT_MS * 0.9) return { outcome: 'ok', ms: left + skewed(random, 60, 0.5), status: 201 };
  const dice = random();
  if (dice < 0.62) return { outcome: 'http_error', ms: skewed(random, 30, 0.6), status: 503 };
  if (dice < 0.95) return { outcome: 'timeout', ms: TIMEOUT_MS, status: 0 };
  return { outcome: 'reset', ms: skewed(random, 12, 0.4), status: 0 };
}

/**
 * Requests of a run through a failover. Writes fail during the outage. Requests are slower while caches are cold, which
 * is at the beginning of the load and from the outage on.
 */
export function sampleRequests({ workload, ratePerS, random, started, ended, outage }: SampleLoad): RequestRow[] {
  const shares = requestShares(workload);
  const endpoints = workload.scenarios.flatMap((s) => s.endpoints);
  const rows: RequestRow[] = [];
  const gap = 1_000 / ratePerS;
  for (let planned = started; planned < ended; planned += gap) {
    let dice = random();
    const endpoint = Math.max(
      0,
      shares.findIndex(({ share }) => (dice -= share) < 0),
    );
    const write = endpoints[endpoint]?.kind === 'write';
    const since = outage === undefined ? -1 : planned - outage.from;
    const out = outage !== undefined && since >= 0 && planned < outage.until;
    const cold =
      Math.max(0, 1 - (planned - started) / 4_000) * 2 +
      (outage !== undefined && since > 0 ? 1.6 * Math.exp(-since / 9_000) : 0);
    const usual = { outcome: 'ok' as Outcome, ms: skewed(random, (write ? 19 : 11) * (1 + cold), 0.45), status: 200 };
    const { outcome, ms, status } = out && write ? duringOutage(random, outage.until - planned) : usual;
    const sent = planned + 0.1 + random() * 1.2;
    const answered = outcome === 'ok' || outcome === 'http_error';
    const common = { planned, sent, firstByte: answered ? planned + ms - 0.2 : NaN, done: planned + ms, endpoint };
    rows.push({
      ...common,
      scenario: shares[endpoint]?.scenario ?? 0,
      outcome: OUTCOMES.indexOf(outcome),
      status,
      source: 0,
    });
    if (random() < 0.13) rows.push({ ...common, scenario: 0, outcome: OUTCOMES.indexOf(outcome), status, source: 1 });
  }
  return rows.sort((a, b) => a.done - b.done);
}

/** A second of a load of 100 requests, all of which are answered in a millisecond, unless it says otherwise. */
export const sampleTick = (t: number, more: Partial<EventOf<'load'>> = {}): EventOf<'load'> => ({
  kind: 'load',
  t,
  planned: 100,
  sent: 100,
  ok: 100,
  failed: 0,
  dropped: 0,
  in_flight: 0,
  p50_ms: 1,
  p95_ms: 1,
  lag_p99_ms: 1,
  pressure_ok: 0,
  pressure_failed: 0,
  ...more,
});

/** The `load` events, one a second, that the load generator would report for these requests. */
export function sampleTicks(
  rows: readonly RequestRow[],
  started: number,
  ended: number,
  isWrite: (endpoint: number) => boolean,
): EventOf<'load'>[] {
  const ticks: EventOf<'load'>[] = [];
  const secondOf = (time: number): number => Math.floor((time - started) / 1_000);
  const open = rows.filter((r) => r.source === 0);
  const plannedIn = Map.groupBy(open, (r) => secondOf(r.planned));
  const doneIn = Map.groupBy(open, (r) => secondOf(r.done));
  const pressureIn = Map.groupBy(
    rows.filter((r) => r.source === 1),
    (r) => secondOf(r.done),
  );
  const of = (second: number, rowsIn: ReadonlyMap<number, readonly RequestRow[]>): readonly RequestRow[] =>
    rowsIn.get(second) ?? [];
  // What was planned and not done before the first second is in flight then.
  let inFlight = open.filter((r) => r.planned < started && r.done >= started).length;
  for (let t = started; t + 1_000 <= ended; t += 1_000) {
    const second = secondOf(t);
    const planned = of(second, plannedIn);
    const done = of(second, doneIn);
    const ok = done.filter((r) => r.outcome === 0);
    const ms = ok.map((r) => r.done - r.planned).sort((a, b) => a - b);
    const pressure = of(second, pressureIn);
    inFlight += planned.length - done.length;
    ticks.push({
      kind: 'load',
      t: t + 1_000,
      planned: planned.length,
      sent: planned.length,
      ok: ok.length,
      failed: done.length - ok.length,
      dropped: 0,
      in_flight: inFlight,
      p50_ms: ms[Math.ceil(ms.length * 0.5) - 1],
      p95_ms: ms[Math.ceil(ms.length * 0.95) - 1],
      lag_p99_ms: 1.2 + ((t / 1_000) % 7) / 10,
      pressure_ok: pressure.filter((r) => r.outcome === 0).length,
      pressure_failed: pressure.filter((r) => r.outcome !== 0).length,
      writes: {
        ok: ok.filter((r) => isWrite(r.endpoint)).length,
        failed: done.filter((r) => r.outcome !== 0 && isWrite(r.endpoint)).length,
      },
    });
  }
  return ticks;
}
