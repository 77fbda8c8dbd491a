import { plannedWithin } from './load/arrivals.ts';
import type { History } from './history.ts';
import { type LoadPlan, OUTCOMES, type RequestTable, SOURCES } from './load/load.ts';
import type { PhaseWindow } from './phases.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');
/** Outcomes that came with a whole answer, good or bad. */
const ANSWERED = new Set<number>([OK, OUTCOMES.indexOf('http_error'), OUTCOMES.indexOf('wrong_body')]);

/** What became of some requests of the open stream. Latencies run from the planned time, in milliseconds, sorted. */
export interface Traffic {
  /** ok + failed: what was put to the system. */
  readonly offered: number;
  readonly ok: number;
  readonly failed: number;
  /** Given up by the generator itself: neither ok nor failed. */
  readonly dropped: number;
  /** How many of each outcome, by its position in OUTCOMES. */
  readonly outcomes: readonly number[];
  /** Of successful requests. */
  readonly okMs: Float64Array;
  /** Of all whole answers, errors included. */
  readonly answeredMs: Float64Array;
  /** Of all that were offered, a failed one being as slow as the timeout at least: what checks judge. */
  readonly judgedMs: Float64Array;
  /** The same in the order of the planned time: what bounds are made from. */
  readonly judgedInOrder: Float64Array;
}

/** Recorded requests, and the time after which an unanswered one was given up. */
export interface Recorded {
  readonly requests: RequestTable;
  readonly plan: { readonly load: Pick<LoadPlan, 'timeoutMs'> };
}

/** Of all endpoints together, and of each. */
export interface TrafficByEndpoint {
  readonly all: Traffic;
  /** In the order of the workload; endpoints without a request are left out. */
  readonly endpoints: ReadonlyMap<string, Traffic>;
}

class Tally {
  readonly #outcomes = OUTCOMES.map(() => 0);
  readonly #ok: number[] = [];
  readonly #answered: number[] = [];
  readonly #judged: number[] = [];

  add(outcome: number, latency: number, timeoutMs: number): void {
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    if (outcome === DROPPED) return;
    const ended = Number.isFinite(latency);
    if (outcome === OK && ended) this.#ok.push(latency);
    if (ANSWERED.has(outcome) && ended) this.#answered.push(latency);
    this.#judged.push(outcome === OK && ended ? latency : Math.max(ended ? latency : 0, timeoutMs));
  }

  get traffic(): Traffic {
    const ok = this.#outcomes[OK] ?? 0;
    const dropped = this.#outcomes[DROPPED] ?? 0;
    const offered = this.#outcomes.reduce((sum, n) => sum + n, 0) - dropped;
    const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
    return {
      offered,
      ok,
      failed: offered - ok,
      dropped,
      outcomes: this.#outcomes,
      okMs: sorted(this.#ok),
      answeredMs: sorted(this.#answered),
      judgedMs: sorted(this.#judged),
      judgedInOrder: Float64Array.from(this.#judged),
    };
  }
}

/** Rows of the open stream that were planned within the span, in the order of their planned time. */
export function openRows(requests: RequestTable, { started, ended }: Pick<PhaseWindow, 'started' | 'ended'>): number[] {
  const rows: number[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    const planned = requests.planned[i] ?? NaN;
    if (requests.source[i] === OPEN && planned >= started && planned < ended) rows.push(i);
  }
  return rows.sort((a, b) => (requests.planned[a] ?? 0) - (requests.planned[b] ?? 0));
}

/** Requests belong to the span in which they were planned, whenever they ended. `started` is in, `ended` is not. */
export function trafficWithin(
  { requests, plan }: Recorded,
  span: Pick<PhaseWindow, 'started' | 'ended'>,
): TrafficByEndpoint {
  const all = new Tally();
  const tallies = requests.endpoints.map((name): [string, Tally] => [name, new Tally()]);
  const seen = new Set<number>();
  for (const i of openRows(requests, span)) {
    const endpoint = requests.endpoint[i] ?? 0;
    const outcome = requests.outcome[i] ?? 0;
    const latency = (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN);
    seen.add(endpoint);
    all.add(outcome, latency, plan.load.timeoutMs);
    tallies[endpoint]?.[1].add(outcome, latency, plan.load.timeoutMs);
  }
  const endpoints = tallies
    .filter((_, i) => seen.has(i))
    .map(([name, tally]): [string, Traffic] => [name, tally.traffic]);
  return { all: all.traffic, endpoints: new Map(endpoints) };
}

/** Requests that the load's plan asks for within some windows, to a fraction: its clock begins with the first phase. */
export function askedWithin({ plan, windows }: Pick<History, 'plan' | 'windows'>, of: readonly PhaseWindow[]): number {
  const start = windows[0]?.started ?? 0;
  return of.reduce(
    (sum, { started, ended }) => sum + plannedWithin(plan.load.arrivals, started - start, ended - start),
    0,
  );
}

export const mean = (values: Float64Array): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
