import { eventsOf, type History, windowOf } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load/load.ts';
import { type JudgedPhase, JUDGED_PHASES, type PhaseWindow } from '../core/phases.ts';
import { type Estimate, percentile, percentileBounds, proportionBounds } from '../core/stats.ts';
import { type Traffic, trafficWithin, type TrafficByEndpoint } from '../core/traffic.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');

/** One phase of a run as the tables show it. */
export interface PhaseMeasure extends TrafficByEndpoint {
  readonly phase: JudgedPhase;
  readonly window: PhaseWindow;
}

export interface TrafficMeasure {
  /** Milliseconds, of successful requests. */
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  /** The 95th percentile with failures counted in, as checks judge it, with its bounds; undefined of too few for them. */
  readonly judgedP95: Estimate | undefined;
  /** Shares of 0 to 1: failed of offered, and its bounds at 95 % confidence each. */
  readonly failed: number | undefined;
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
}

/** The phases that a run came to, warm-up left out. */
export function phaseMeasures(history: History): PhaseMeasure[] {
  return JUDGED_PHASES.flatMap((phase) => {
    const window = windowOf(history, phase);
    return window === undefined ? [] : { phase, window, ...trafficWithin(history, window) };
  });
}

export function measure({ okMs, judgedInOrder, failed, offered }: Traffic): TrafficMeasure {
  const { lower, upper } = proportionBounds(failed, offered);
  const some = <T>(value: T): T | undefined => (offered === 0 ? undefined : value);
  return {
    p50: percentile(okMs, 50),
    p90: percentile(okMs, 90),
    p95: percentile(okMs, 95),
    p99: percentile(okMs, 99),
    max: okMs.at(-1),
    judgedP95: percentileBounds(judgedInOrder, 95),
    failed: some(failed / offered),
    atLeast: some(lower),
    atMost: some(upper),
  };
}

/** Milliseconds from a fault in force to the next time that another member of a database group was seen to lead. */
export function failoverMs(
  history: History,
): { readonly group: string; readonly member: string; readonly ms: number } | undefined {
  const bit = history.faults.flatMap((f) => f.injected ?? []).sort((a, b) => a - b)[0];
  if (bit === undefined) return undefined;
  const leaders = new Map<string, string>();
  for (const { t, group, member, role } of eventsOf(history, 'role')) {
    if (role !== 'primary') continue;
    if (t > bit && leaders.has(group) && leaders.get(group) !== member) return { group, member, ms: t - bit };
    leaders.set(group, member);
  }
  return undefined;
}

/** The longest time after the fault phase began in which not one write that was then planned succeeded, milliseconds. */
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
  const done: number[] = [];
  let planned = 0;
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.source[i] !== OPEN || !writes.has(requests.endpoint[i] ?? -1)) continue;
    planned += 1;
    const at = requests.done[i] ?? NaN;
    if (requests.outcome[i] === OK && at >= from && at <= until) done.push(at);
  }
  if (planned === 0) return undefined;
  const times = [from, ...done.sort((a, b) => a - b), until];
  return times.slice(1).reduce((longest, t, i) => Math.max(longest, t - (times[i] ?? t)), 0);
}
