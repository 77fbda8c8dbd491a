import { OUTCOMES, SOURCES, type RequestTable } from './load.ts';
import type { PhaseWindow } from './phases.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
/** Outcomes that came with a whole answer, good or bad. */
const ANSWERED = new Set<number>([OK, OUTCOMES.indexOf('http_error'), OUTCOMES.indexOf('wrong_body')]);

/** What became of some planned requests of the open stream. */
export interface Traffic {
  readonly planned: number;
  readonly ok: number;
  /** All that were planned and are not ok, dropped ones included. */
  readonly failed: number;
  /** How many of each outcome, by its position in OUTCOMES. */
  readonly outcomes: readonly number[];
  /** Milliseconds from the planned time to the whole answer, of successful requests, sorted. */
  readonly okMs: Float64Array;
  /** The same of all answers, errors included, sorted. */
  readonly answeredMs: Float64Array;
}

/** The open stream's requests that were planned within a time span, all and by endpoint. */
export interface TrafficByEndpoint {
  readonly all: Traffic;
  /** In the order of the workload; endpoints without a request have none. */
  readonly endpoints: ReadonlyMap<string, Traffic>;
}

class Tally {
  readonly #outcomes = new Array<number>(OUTCOMES.length).fill(0);
  readonly #ok: number[] = [];
  readonly #answered: number[] = [];
  #planned = 0;

  add(outcome: number, latency: number): void {
    this.#planned += 1;
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    if (!Number.isFinite(latency)) return;
    if (outcome === OK) this.#ok.push(latency);
    if (ANSWERED.has(outcome)) this.#answered.push(latency);
  }

  get traffic(): Traffic {
    const ok = this.#outcomes[OK] ?? 0;
    return {
      planned: this.#planned,
      ok,
      failed: this.#planned - ok,
      outcomes: this.#outcomes,
      okMs: Float64Array.from(this.#ok).sort(),
      answeredMs: Float64Array.from(this.#answered).sort(),
    };
  }
}

/** Requests belong to the span in which they were planned, whenever they ended. `started` is in, `ended` is not. */
export function trafficWithin(requests: RequestTable, span: Pick<PhaseWindow, 'started' | 'ended'>): TrafficByEndpoint {
  const all = new Tally();
  const tallies = requests.endpoints.map(() => new Tally());
  for (let i = 0; i < requests.length; i += 1) {
    const planned = requests.planned[i] ?? NaN;
    if (requests.source[i] !== OPEN || !(planned >= span.started && planned < span.ended)) continue;
    const outcome = requests.outcome[i] ?? 0;
    const latency = (requests.done[i] ?? NaN) - planned;
    all.add(outcome, latency);
    tallies[requests.endpoint[i] ?? 0]?.add(outcome, latency);
  }
  const endpoints = requests.endpoints.map((name, i): [string, Traffic] => [name, (tallies[i] ?? new Tally()).traffic]);
  return { all: all.traffic, endpoints: new Map(endpoints.filter(([, traffic]) => traffic.planned > 0)) };
}

/** Nearest-rank percentile of sorted values, `q` in (0, 1]; undefined without values. */
export const percentile = (sorted: Float64Array, q: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];

export const mean = (values: Float64Array): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The highest share of failures that `failed` of `planned` still allow, at 95 % confidence: the one-sided exact
 * (Clopper-Pearson) bound, found by halving. It is the p at which P(X <= failed) = 0.05. undefined without requests.
 */
export function failureBound(failed: number, planned: number): number | undefined {
  if (planned === 0) return undefined;
  if (failed >= planned) return 1;
  let logWays = 0;
  for (let j = 1; j <= failed; j += 1) logWays += Math.log((planned - failed + j) / j);
  let low = failed / planned;
  let high = 1;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (binomialBelow(failed, planned, middle, logWays) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X <= k) for X binomial over n trials of probability p > k/n, summed from its largest term, k, downwards. `logWays`: ln(n over k). */
function binomialBelow(k: number, n: number, p: number, logWays: number): number {
  let term = Math.exp(logWays + (n - k) * Math.log1p(-p) + k * Math.log(p));
  let sum = 0;
  for (let i = k; i >= 0 && term > sum * 1e-12; i -= 1) {
    sum += term;
    term *= (i * (1 - p)) / ((n - i + 1) * p);
  }
  return sum;
}
