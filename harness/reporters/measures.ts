import { eventsOf, type History, windowOf } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load.ts';
import { type JudgedPhase, JUDGED_PHASES, type PhaseWindow } from '../core/phases.ts';
import { percentile, proportionBounds } from '../core/stats.ts';
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
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** The 95th percentile with failures counted in, as checks judge it. */
  readonly judgedP95: number | undefined;
  /** Shares of 0 to 1: failed of offered, and its upper bound at 95 % confidence. */
  readonly failed: number | undefined;
  readonly atMost: number | undefined;
}

/** The phases that a run came to, warm-up left out. */
export function phaseMeasures(history: History): PhaseMeasure[] {
  return JUDGED_PHASES.flatMap((phase) => {
    const window = windowOf(history, phase);
    return window === undefined ? [] : { phase, window, ...trafficWithin(history, window) };
  });
}

export const measure = ({ okMs, judgedMs, failed, offered }: Traffic): TrafficMeasure => ({
  p50: percentile(okMs, 50),
  p95: percentile(okMs, 95),
  p99: percentile(okMs, 99),
  judgedP95: percentile(judgedMs, 95),
  failed: offered === 0 ? undefined : failed / offered,
  atMost: offered === 0 ? undefined : proportionBounds(failed, offered).upper,
});

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
