import { plannedWithin } from '../load/arrivals.ts';
import type { History } from './history.ts';
import {
  ANSWERED,
  ERROR_CODES,
  LEAST_STATUS,
  type LoadPlan,
  OUTCOMES,
  type RequestTable,
  SOURCES,
} from '../load/load.ts';
import type { PhaseWindow, Span } from '../plan/phases.ts';
import { judgedLatency, Latencies, type Population } from './latencies.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');
/** The positions of the outcomes with a whole answer. */
const WHOLE: ReadonlySet<number> = new Set(ANSWERED.map((name) => OUTCOMES.indexOf(name)));

/** How some requests of the open stream ended. */
export interface Traffic {
  /** ok + failed: the requests that the system had to answer. */
  readonly offered: number;
  readonly ok: number;
  readonly failed: number;
  /** Requests that the generator itself gave up. They are neither ok nor failed. */
  readonly dropped: number;
  /** How many requests had each outcome, by its position in OUTCOMES. */
  readonly outcomes: readonly number[];
  /** How many whole answers had each HTTP status, good and bad ones, the lowest status first. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How many requests ended with each error code, in the order of ERROR_CODES. */
  readonly errors: Readonly<Record<string, number>>;
  /** One number for each offered request, in the order of the planned moments: 1 if it failed, otherwise 0. */
  readonly failures: Uint8Array;
  readonly latencies: { readonly [Of in Exclude<Population, 'answered'>]: Latencies<Of> };
}

/** Recorded requests, and the time after which a request without an answer was given up. */
export interface Recorded {
  readonly requests: RequestTable;
  readonly plan: { readonly load: Pick<LoadPlan, 'timeoutMs'> };
}

/** The traffic of all endpoints together, and of each endpoint. */
export interface TrafficByEndpoint {
  readonly all: Traffic;
  /** In the order of the workload. Endpoints without a request are left out. */
  readonly endpoints: ReadonlyMap<string, Traffic>;
}

/** Returns how the requests in `rows` ended. `rows` are in the order of the planned moments. */
export function trafficOf({ requests, plan }: Recorded, rows: readonly number[]): Traffic {
  const outcomes = OUTCOMES.map(() => 0);
  const latencies: Record<keyof Traffic['latencies'], number[]> = { judged: [], successful: [] };
  const failures: number[] = [];
  const met = new Map<number, number>();
  for (const i of rows) {
    const outcome = requests.outcome[i] ?? 0;
    const status = requests.status[i] ?? 0;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (WHOLE.has(outcome) || status < LEAST_STATUS) met.set(status, (met.get(status) ?? 0) + 1);
    if (outcome === DROPPED) continue;
    const took = (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN);
    const ok = outcome === OK;
    failures.push(ok ? 0 : 1);
    latencies.judged.push(judgedLatency(ok, took, plan.load.timeoutMs));
    if (ok && Number.isFinite(took)) latencies.successful.push(took);
  }
  const ok = outcomes[OK] ?? 0;
  return {
    offered: failures.length,
    ok,
    failed: failures.length - ok,
    dropped: outcomes[DROPPED] ?? 0,
    outcomes,
    ...byCause(met),
    failures: Uint8Array.from(failures),
    latencies: {
      judged: new Latencies('judged', latencies.judged),
      successful: new Latencies('successful', latencies.successful),
    },
  };
}

/** Splits counts by the number that a record holds for an HTTP status or an error code; 0 stands for neither. */
function byCause(met: ReadonlyMap<number, number>): Pick<Traffic, 'statuses' | 'errors'> {
  const counts = [...met].sort(([a], [b]) => a - b);
  const named = counts.flatMap(([n, count]) => (n > 0 && n < LEAST_STATUS ? [[ERROR_CODES[n - 1] ?? n, count]] : []));
  return {
    statuses: Object.fromEntries(counts.filter(([status]) => status >= LEAST_STATUS)),
    errors: Object.fromEntries(named),
  };
}

/** Returns the rows of the open stream that were planned within the span, in the order of their planned moments. */
export function openRows(requests: RequestTable, { started, ended }: Span): number[] {
  const rows: number[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    const planned = requests.planned[i] ?? NaN;
    if (requests.source[i] === OPEN && planned >= started && planned < ended) rows.push(i);
  }
  return rows.sort((a, b) => (requests.planned[a] ?? 0) - (requests.planned[b] ?? 0));
}

/**
 * Returns the traffic of a span, [started, ended). A request belongs to the span in which it was planned, whenever it
 * ends.
 */
export function trafficWithin(recorded: Recorded, span: Span): TrafficByEndpoint {
  const { requests } = recorded;
  const rows = openRows(requests, span);
  const byEndpoint = Map.groupBy(rows, (i) => requests.endpoint[i] ?? 0);
  const endpoints = requests.endpoints.flatMap((name, endpoint): [string, Traffic][] => {
    const mine = byEndpoint.get(endpoint);
    return mine === undefined ? [] : [[name, trafficOf(recorded, mine)]];
  });
  return { all: trafficOf(recorded, rows), endpoints: new Map(endpoints) };
}

/**
 * Returns how late the generator sent each request that was planned within the spans, milliseconds, sorted. Requests
 * that were never sent are left out.
 */
export function latenessWithin(requests: RequestTable, spans: readonly Span[]): Float64Array {
  const late: number[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? NaN;
    if (requests.source[i] !== OPEN || !spans.some((w) => at >= w.started && at < w.ended)) continue;
    const lag = (requests.sent[i] ?? NaN) - at;
    if (Number.isFinite(lag)) late.push(lag);
  }
  return Float64Array.from(late).sort();
}

/**
 * Returns how many requests the plan of the load has within some windows, with a fraction. The plan begins with the
 * first phase.
 */
export function askedWithin({ plan, windows }: Pick<History, 'plan' | 'windows'>, of: readonly PhaseWindow[]): number {
  const start = windows[0]?.started ?? 0;
  return of.reduce(
    (sum, { started, ended }) => sum + plannedWithin(plan.load.arrivals, started - start, ended - start),
    0,
  );
}
