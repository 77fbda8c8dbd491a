import type { Arrivals } from '../core/arrivals.ts';
import type { Invalidity } from '../core/events.ts';
import { eventsOf, type History, windowOf } from '../core/history.ts';
import { OUTCOMES, type RequestTable, SOURCES } from '../core/load.ts';
import { JUDGED_PHASES } from '../core/phases.ts';
import { percentile } from '../core/stats.ts';
import { askedWithin } from '../core/traffic.ts';

/** 99th percentile of the generator's own lateness above which its latencies mean nothing, milliseconds: a quarter of the 200 ms objective. */
const LAG_P99_MS = 50;
/** Share of the planned rate that must have been offered. */
const ACHIEVED = 0.99;
/** Event-loop utilisation of the generator's thread above which it was saturated. */
const SATURATED = 0.9;

const OPEN = SOURCES.indexOf('open');
const DROPPED = OUTCOMES.indexOf('dropped');

/** Reasons why the load or the record of a run proves nothing, whatever the checks say. */
export function invalidities(history: History): Invalidity[] {
  const marked = eventsOf(history, 'invalid').map(({ code, message }) => ({ code, message }));
  const windows = JUDGED_PHASES.flatMap((phase) => windowOf(history, phase) ?? []);
  // A run that did not come to its fault has another reason to prove nothing.
  const telling = history.plan.faults.length === 0 ? 'baseline' : 'fault';
  if (windowOf(history, telling) === undefined) return marked;
  const offer = {
    requests: history.requests,
    spans: windows,
    expected: askedWithin(history, windows),
    process: history.plan.load.arrivals.process,
    utilisation: eventsOf(history, 'load.ended')[0]?.totals.utilisation,
  };
  return [...marked, ...loadGates(offer)];
}

/** What the generator was to offer, and what it recorded. */
export interface Offer {
  readonly requests: RequestTable;
  /** The times that count, by the planned moment: half-open, epoch milliseconds. */
  readonly spans: readonly { readonly started: number; readonly ended: number }[];
  /** Requests that the plan asks for in them. */
  readonly expected: number;
  readonly process: Arrivals['process'];
  /** Event-loop utilisation of the generator's thread, 0 to 1; undefined when the record does not tell. */
  readonly utilisation: number | undefined;
}

/** Reasons why what was recorded says more of the generator than of the system; of a run with phases and of a load alone. */
export function loadGates({ requests, spans, expected, process, utilisation = 0 }: Offer): Invalidity[] {
  const lags: number[] = [];
  let planned = 0;
  let dropped = 0;
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? 0;
    if (requests.source[i] !== OPEN || !spans.some((w) => at >= w.started && at < w.ended)) continue;
    planned += 1;
    if (requests.outcome[i] === DROPPED) dropped += 1;
    const lag = (requests.sent[i] ?? NaN) - at;
    if (Number.isFinite(lag)) lags.push(lag);
  }
  const found: Invalidity[] = [];
  if (planned === 0) {
    return [{ code: 'CHAOS_NO_REQUESTS', message: 'not one request was offered: nothing was tested' }];
  }
  // Of a Poisson process the plan knows only the mean; it is four standard deviations short once in 30,000 runs.
  const chance = process === 'poisson' ? 4 * Math.sqrt(expected) : 0;
  if (planned < expected * ACHIEVED - chance) {
    const message = `${planned} of ${Math.round(expected)} planned requests were offered (${((planned / expected) * 100).toFixed(1)} %)`;
    found.push({ code: 'CHAOS_LOAD_SHORT', message });
  }
  if (dropped > 0) {
    found.push({
      code: 'CHAOS_LOAD_DROPPED',
      message: `the generator dropped ${dropped} requests: it could not hold them all`,
    });
  }
  const p99 = percentile(Float64Array.from(lags).sort(), 99) ?? 0;
  if (p99 > LAG_P99_MS) {
    const message = `the generator sent 1 % of its requests over ${p99.toFixed(0)} ms late (limit ${LAG_P99_MS} ms): the host was too busy`;
    found.push({ code: 'CHAOS_GENERATOR_LAG', message });
  }
  if (utilisation > SATURATED) {
    const message = `the generator's thread was busy for ${(utilisation * 100).toFixed(0)} % of the time`;
    found.push({ code: 'CHAOS_GENERATOR_SATURATED', message });
  }
  return found;
}
