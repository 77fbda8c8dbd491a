import type { Invalidity } from '../core/events.ts';
import { eventsOf, type History, windowOf } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load.ts';
import { JUDGED_PHASES } from '../core/phases.ts';
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
  return [...marked, ...(windowOf(history, 'fault') === undefined ? [] : loadGates(history))];
}

function loadGates(history: History): Invalidity[] {
  const { requests, plan } = history;
  const windows = JUDGED_PHASES.flatMap((phase) => windowOf(history, phase) ?? []);
  const lags: number[] = [];
  let planned = 0;
  let dropped = 0;
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? 0;
    if (requests.source[i] !== OPEN || !windows.some((w) => at >= w.started && at < w.ended)) continue;
    planned += 1;
    if (requests.outcome[i] === DROPPED) dropped += 1;
    const lag = (requests.sent[i] ?? NaN) - at;
    if (Number.isFinite(lag)) lags.push(lag);
  }
  const expected = askedWithin(history, windows);
  // Of a Poisson process the plan knows only the mean; it is four standard deviations short once in 30,000 runs.
  const chance = plan.load.arrivals.process === 'poisson' ? 4 * Math.sqrt(expected) : 0;
  const found: Invalidity[] = [];
  if (planned === 0) {
    return [{ code: 'CHAOS_NO_REQUESTS', message: 'not one request was offered: nothing was tested' }];
  }
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
  const p99 = lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? 0;
  if (p99 > LAG_P99_MS) {
    const message = `the generator sent 1 % of its requests over ${p99.toFixed(0)} ms late (limit ${LAG_P99_MS} ms): the host was too busy`;
    found.push({ code: 'CHAOS_GENERATOR_LAG', message });
  }
  const used = eventsOf(history, 'load.ended')[0]?.totals.utilisation ?? 0;
  if (used > SATURATED) {
    const message = `the generator's thread was busy for ${(used * 100).toFixed(0)} % of the time`;
    found.push({ code: 'CHAOS_GENERATOR_SATURATED', message });
  }
  return found;
}
