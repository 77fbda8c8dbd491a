import type { Arrivals } from '../core/load/arrivals.ts';
import type { Invalidity } from '../core/events.ts';
import { OUTCOMES, type RequestTable, SOURCES } from '../core/load/load.ts';
import { eventsOf, type History } from '../core/history.ts';
import type { PhaseWindow } from '../core/phases.ts';
import { percentile } from '../core/stats.ts';

/** 99th percentile of the generator's own lateness above which its latencies mean nothing, milliseconds: a quarter of the 200 ms objective. */
const LAG_P99_MS = 50;
/** Share of the planned number that must have been offered. */
const ACHIEVED = 0.99;
/** Event-loop utilisation of the generator's thread above which it was saturated. */
const SATURATED = 0.9;
/** How far the wall clock may move in all before times of containers and of the load no longer fit, milliseconds. */
const STEPPED_MS = 500;

const OPEN = SOURCES.indexOf('open');
const DROPPED = OUTCOMES.indexOf('dropped');

/** A load as its gates see it, with or without an experiment around it. */
export interface OfferedLoad {
  readonly requests: RequestTable;
  /** What is judged: [started, ended), epoch milliseconds. */
  readonly spans: readonly Pick<PhaseWindow, 'started' | 'ended'>[];
  /** How many requests the plan has in these spans. */
  readonly expected: number;
  readonly process: Arrivals['process'];
  /** Event-loop utilisation of the generator's thread, 0 to 1; undefined where it is not known. */
  readonly utilisation: number | undefined;
}

interface Offered {
  readonly planned: number;
  readonly dropped: number;
  /** Milliseconds from planned to sent, sorted. */
  readonly lags: Float64Array;
}

/** Reasons why the load as it was offered proves nothing. Pure. */
export function loadGates(load: OfferedLoad): Invalidity[] {
  const offered = within(load);
  if (offered.planned === 0)
    return [{ code: 'CHAOS_NO_REQUESTS', message: 'not one request was offered: nothing was tested' }];
  return [short(offered, load), dropped(offered), late(offered), saturated(load)].filter((gate) => gate !== undefined);
}

function within({ requests, spans }: OfferedLoad): Offered {
  const lags: number[] = [];
  let [planned, dropped] = [0, 0];
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? 0;
    if (requests.source[i] !== OPEN || !spans.some((w) => at >= w.started && at < w.ended)) continue;
    planned += 1;
    if (requests.outcome[i] === DROPPED) dropped += 1;
    const lag = (requests.sent[i] ?? NaN) - at;
    if (Number.isFinite(lag)) lags.push(lag);
  }
  return { planned, dropped, lags: Float64Array.from(lags).sort() };
}

function short({ planned }: Offered, { expected, process }: OfferedLoad): Invalidity | undefined {
  // Of a Poisson process the plan knows only the mean; it is four standard deviations short once in 30,000 runs.
  const chance = process === 'poisson' ? 4 * Math.sqrt(expected) : 0;
  if (planned >= expected * ACHIEVED - chance) return undefined;
  const message = `${planned} of ${Math.round(expected)} planned requests were offered (${((planned / expected) * 100).toFixed(1)} %)`;
  return { code: 'CHAOS_LOAD_SHORT', message };
}

function dropped({ dropped }: Offered): Invalidity | undefined {
  if (dropped === 0) return undefined;
  const message = `the generator dropped ${dropped} requests: it could not hold them all`;
  return { code: 'CHAOS_LOAD_DROPPED', message };
}

function late({ lags }: Offered): Invalidity | undefined {
  const p99 = percentile(lags, 99) ?? 0;
  if (p99 <= LAG_P99_MS) return undefined;
  const message = `the generator sent 1 % of its requests over ${p99.toFixed(0)} ms late (limit ${LAG_P99_MS} ms): the host was too busy`;
  return { code: 'CHAOS_GENERATOR_LAG', message };
}

function saturated({ utilisation = 0 }: OfferedLoad): Invalidity | undefined {
  if (utilisation <= SATURATED) return undefined;
  const message = `the generator's thread was busy for ${(utilisation * 100).toFixed(0)} % of the time`;
  return { code: 'CHAOS_GENERATOR_SATURATED', message };
}

/** The wall clock was stepped too far, by the record of those who watched it. */
export function clockGate(history: Pick<History, 'events'>): Invalidity[] {
  let [apart, most] = [0, 0];
  for (const { by_ms } of eventsOf(history, 'clock.stepped')) {
    apart += by_ms;
    if (Math.abs(apart) > Math.abs(most)) most = apart;
  }
  if (Math.abs(most) <= STEPPED_MS) return [];
  return [{ code: 'CHAOS_CLOCK_STEP', message: `the wall clock was stepped by ${most} ms during the run` }];
}
