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

/** Positions of requests in a table of requests. */
type Rows = ArrayLike<number>;

/** Returns how the requests in `rows` ended. `rows` are in the order of the planned moments. */
export function trafficOf({ requests, plan }: Recorded, rows: Rows): Traffic {
  const outcomes = OUTCOMES.map(() => 0);
  // A record may have a million requests, so these have their size from the beginning.
  const judged = new Float64Array(rows.length);
  const failures = new Uint8Array(rows.length);
  // Undefined as long as nothing has failed: then both populations are the same latencies.
  let successful: Float64Array | undefined;
  let offered = 0;
  let succeeded = 0;
  const met = new Map<number, number>();
  for (let n = 0; n < rows.length; n += 1) {
    const i = rows[n] ?? 0;
    const outcome = requests.outcome[i] ?? 0;
    const status = requests.status[i] ?? 0;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (WHOLE.has(outcome) || status < LEAST_STATUS) met.set(status, (met.get(status) ?? 0) + 1);
    if (outcome === DROPPED) continue;
    const took = (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN);
    const ok = outcome === OK;
    failures[offered] = ok ? 0 : 1;
    judged[offered] = judgedLatency(ok, took, plan.load.timeoutMs);
    offered += 1;
    if (!ok || !Number.isFinite(took)) {
      successful ??= beginning(judged, succeeded);
      continue;
    }
    if (successful !== undefined) successful[succeeded] = took;
    succeeded += 1;
  }
  const ok = outcomes[OK] ?? 0;
  const all = cut(judged, offered);
  return {
    offered,
    ok,
    failed: offered - ok,
    dropped: outcomes[DROPPED] ?? 0,
    outcomes,
    ...byCause(met),
    failures: failures.subarray(0, offered),
    latencies: {
      judged: new Latencies('judged', all),
      successful: new Latencies('successful', successful === undefined ? all : cut(successful, succeeded)),
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

/** Returns as many values, of which the first `length` are the same, and the others are 0. */
function beginning(values: Float64Array, length: number): Float64Array {
  const others = new Float64Array(values.length);
  others.set(values.subarray(0, length));
  return others;
}

/** Returns the first `length` values. What is cut off takes no memory. */
const cut = (values: Float64Array, length: number): Float64Array =>
  length === values.length ? values : values.slice(0, length);

/** Returns the rows of the open stream that were planned within the span, in the order of their planned moments. */
export function openRows(requests: RequestTable, { started, ended }: Span): Uint32Array {
  const { planned, source, length } = requests;
  const isWithin = (i: number): boolean => {
    const at = planned[i] ?? NaN;
    return source[i] === OPEN && at >= started && at < ended;
  };
  let count = 0;
  for (let i = 0; i < length; i += 1) if (isWithin(i)) count += 1;
  const rows = new Uint32Array(count);
  for (let i = 0, n = 0; n < count; i += 1) if (isWithin(i)) rows[n++] = i;
  return sorted(rows, planned);
}

/** How far a request is from its place, on average, before a sort of another kind is faster. */
const NEAR = 32;

/**
 * Sorts positions by their planned moment, in their own memory. A record has its requests in the order in which they ended,
 * which is nearly this order. So each is moved forward to its place; when that takes too long, all are sorted anew.
 */
function sorted(rows: Uint32Array, planned: Float64Array): Uint32Array {
  let moves = rows.length * NEAR;
  for (let n = 1; n < rows.length; n += 1) {
    const row = rows[n] as number;
    const at = planned[row] as number;
    let place = n;
    for (; place > 0 && (planned[rows[place - 1] as number] as number) > at; place -= 1)
      rows[place] = rows[place - 1] as number;
    rows[place] = row;
    moves -= n - place;
    if (moves < 0) return rows.sort((a, b) => (planned[a] as number) - (planned[b] as number));
  }
  return rows;
}

/** What was computed of a table. Checks, gates, reporters and the database ask for the same spans again and again. */
const known = new WeakMap<RequestTable, Map<string, TrafficByEndpoint>>();

/**
 * Returns the traffic of a span, [started, ended). A request belongs to the span in which it was planned, whenever it
 * ends.
 */
export function trafficWithin(recorded: Recorded, span: Span): TrafficByEndpoint {
  const { requests, plan } = recorded;
  const spans = known.get(requests) ?? new Map<string, TrafficByEndpoint>();
  known.set(requests, spans);
  const key = `${span.started} ${span.ended} ${plan.load.timeoutMs}`;
  const traffic = spans.get(key) ?? byEndpoint(recorded, span);
  spans.set(key, traffic);
  return traffic;
}

function byEndpoint(recorded: Recorded, span: Span): TrafficByEndpoint {
  const { requests } = recorded;
  const rows = openRows(requests, span);
  const endpoints = requests.endpoints.flatMap((name, endpoint): [string, Traffic][] => {
    const mine = rows.filter((i) => requests.endpoint[i] === endpoint);
    return mine.length === 0 ? [] : [[name, trafficOf(recorded, mine)]];
  });
  return { all: trafficOf(recorded, rows), endpoints: new Map(endpoints) };
}

/**
 * Returns how late the generator sent each request that was planned within the spans, milliseconds, sorted. Requests
 * that were never sent are left out.
 */
export function latenessWithin(requests: RequestTable, spans: readonly Span[]): Float64Array {
  const late = new Float64Array(requests.length);
  let length = 0;
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? NaN;
    if (requests.source[i] !== OPEN || !spans.some((w) => at >= w.started && at < w.ended)) continue;
    const lag = (requests.sent[i] ?? NaN) - at;
    if (!Number.isFinite(lag)) continue;
    late[length] = lag;
    length += 1;
  }
  return late.subarray(0, length).sort();
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
