import { eventsOf, type History, windowOf } from '../../core/record/history.ts';
import { OUTCOMES, SOURCES } from '../../core/load/load.ts';
import { type JudgedPhase, JUDGED_PHASES, type PhaseWindow } from '../../core/plan/phases.ts';
import { shareBounds } from '../../core/bounds/share.ts';
import type { Estimate } from '../../core/stats.ts';
import { type Traffic, trafficWithin, type TrafficByEndpoint } from '../../core/record/traffic.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

/** The traffic of one phase, for the tables. */
export interface PhaseMeasure extends TrafficByEndpoint {
  readonly phase: JudgedPhase;
  readonly window: PhaseWindow;
}

export interface TrafficMeasure {
  /** Percentiles and maximum of the judged latencies, milliseconds: a failed request is as slow as the timeout. */
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  /** The bounds of `p95`. Undefined when there are too few requests for bounds. */
  readonly p95Bounds: Estimate | undefined;
  /** The 95th percentile of the successful requests alone, milliseconds. */
  readonly p95OfSuccesses: number | undefined;
  /** The share of failed requests among offered requests, 0 to 1. */
  readonly failed: number | undefined;
  /** The lower and the upper bound of `failed`, at 95 % confidence each. */
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
}

/** Returns the measures of the phases that the run reached, without the warm-up. */
export function phaseMeasures(history: History): PhaseMeasure[] {
  return JUDGED_PHASES.flatMap((phase) => {
    const window = windowOf(history, phase);
    return window === undefined ? [] : { phase, window, ...trafficWithin(history, window) };
  });
}

/** Several tables show the same traffic. */
const measured = new WeakMap<Traffic, TrafficMeasure>();

export function measure(traffic: Traffic): TrafficMeasure {
  const known = measured.get(traffic) ?? computed(traffic);
  measured.set(traffic, known);
  return known;
}

function computed({ latencies: { successful, judged }, failed, offered, failures }: Traffic): TrafficMeasure {
  const { lower, upper } = shareBounds(failures);
  const some = <T>(value: T): T | undefined => (offered === 0 ? undefined : value);
  return {
    p50: judged.percentile(50),
    p90: judged.percentile(90),
    p95: judged.percentile(95),
    p99: judged.percentile(99),
    max: judged.max,
    p95Bounds: judged.bounds(95),
    p95OfSuccesses: successful.percentile(95),
    failed: some(failed / offered),
    atLeast: some(lower),
    atMost: some(upper),
  };
}

/**
 * Returns the milliseconds from the first fault in force to the first moment when a database group was seen with
 * another primary than before. Undefined when this did not happen.
 */
export function failoverMs(
  history: History,
): { readonly group: string; readonly member: string; readonly ms: number } | undefined {
  const injected = history.faults.flatMap((f) => f.injected ?? []).sort((a, b) => a - b)[0];
  if (injected === undefined) return undefined;
  const leaders = new Map<string, string>();
  for (const { t, group, member, role } of eventsOf(history, 'role')) {
    if (role !== 'primary') continue;
    if (t > injected && leaders.has(group) && leaders.get(group) !== member) return { group, member, ms: t - injected };
    leaders.set(group, member);
  }
  return undefined;
}

/**
 * Returns the longest time without a successful write of the judged stream, from the beginning of the fault phase to
 * the end of the run, milliseconds. Undefined when there is no fault phase or no write was planned.
 */
export function longestWriteGapMs(history: History): number | undefined {
  const from = windowOf(history, 'fault')?.started;
  const until = history.windows.at(-1)?.ended;
  if (from === undefined || until === undefined) return undefined;
  const specs = history.plan.load.workload.scenarios.flatMap((s) => s.endpoints);
  const writes = new Set(
    history.requests.endpoints.flatMap((name, i) =>
      specs.some((e) => e.name === name && e.kind === 'write') ? i : [],
    ),
  );
  const { requests } = history;
  const done = new Float64Array(requests.length);
  let [accepted, planned] = [0, 0];
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] !== OPEN || !writes.has(requests.endpoint[i] ?? -1)) continue;
    planned += 1;
    const at = requests.done[i] ?? NaN;
    if (requests.outcome[i] !== OK || !(at >= from && at <= until)) continue;
    done[accepted] = at;
    accepted += 1;
  }
  if (planned === 0) return undefined;
  let [longest, last] = [0, from];
  for (const t of done.subarray(0, accepted).sort()) {
    longest = Math.max(longest, t - last);
    last = t;
  }
  return Math.max(longest, until - last);
}
