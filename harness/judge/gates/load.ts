import type { Arrivals } from '../../core/load/arrivals.ts';
import type { Invalidity } from '../../core/record/events.ts';
import { OUTCOMES, type RequestTable, SOURCES } from '../../core/load/load.ts';
import type { Span } from '../../core/plan/phases.ts';
import { latenessWithin } from '../../core/record/traffic.ts';
import { percentile } from '../../core/stats.ts';

/**
 * The 99th percentile of the generator's own lateness may be at most this, milliseconds. Above it the latencies mean
 * nothing. It is a quarter of the 200 ms objective.
 */
const LAG_P99_MS = 50;
/** At least this share of the planned requests must have been offered. */
const ACHIEVED = 0.99;
/** The generator was saturated when the event-loop utilisation of its thread was above this. */
const SATURATED = 0.9;

const OPEN = SOURCES.indexOf('open');
const DROPPED = OUTCOMES.indexOf('dropped');

/** A load as its gates see it: the load of a run, or a load alone. */
export interface OfferedLoad {
  readonly requests: RequestTable;
  /** The judged times: [started, ended), epoch milliseconds. */
  readonly spans: readonly Span[];
  /** How many requests the plan has in the spans. */
  readonly expected: number;
  readonly process: Arrivals['process'];
  /** Event-loop utilisation of the generator's thread, 0 to 1; undefined when it is not known. */
  readonly utilisation: number | undefined;
}

interface Offered {
  readonly planned: number;
  readonly dropped: number;
  /** Milliseconds from planned to sent, sorted. */
  readonly lags: Float64Array;
}

/** Returns the reasons why the offered load proves nothing. Pure. */
export function loadGates(load: OfferedLoad): Invalidity[] {
  const offered = within(load);
  if (offered.planned === 0)
    return [{ code: 'CHAOS_NO_REQUESTS', message: 'no request was offered, so nothing was tested' }];
  return [short(offered, load), dropped(offered), late(offered), saturated(load)].filter((gate) => gate !== undefined);
}

function within({ requests, spans }: OfferedLoad): Offered {
  let [planned, dropped] = [0, 0];
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? 0;
    if (requests.source[i] !== OPEN || !spans.some((w) => at >= w.started && at < w.ended)) continue;
    planned += 1;
    if (requests.outcome[i] === DROPPED) dropped += 1;
  }
  return { planned, dropped, lags: latenessWithin(requests, spans) };
}

function short({ planned }: Offered, { expected, process }: OfferedLoad): Invalidity | undefined {
  // For a Poisson process the plan knows only the mean. The number is four standard deviations below it once in 30,000
  // runs.
  const chance = process === 'poisson' ? 4 * Math.sqrt(expected) : 0;
  if (planned >= expected * ACHIEVED - chance) return undefined;
  const message = `${planned} of ${Math.round(expected)} planned requests were offered (${((planned / expected) * 100).toFixed(1)} %)`;
  return { code: 'CHAOS_LOAD_SHORT', message };
}

function dropped({ dropped }: Offered): Invalidity | undefined {
  if (dropped === 0) return undefined;
  const message = `the generator dropped ${dropped} requests, because it could not hold them all`;
  return { code: 'CHAOS_LOAD_DROPPED', message };
}

function late({ lags }: Offered): Invalidity | undefined {
  const p99 = percentile(lags, 99) ?? 0;
  if (p99 <= LAG_P99_MS) return undefined;
  const message = `the generator sent 1 % of its requests more than ${p99.toFixed(0)} ms late (limit ${LAG_P99_MS} ms): the host was too busy`;
  return { code: 'CHAOS_GENERATOR_LAG', message };
}

function saturated({ utilisation = 0 }: OfferedLoad): Invalidity | undefined {
  if (utilisation <= SATURATED) return undefined;
  const message = `the generator's thread was busy for ${(utilisation * 100).toFixed(0)} % of the time`;
  return { code: 'CHAOS_GENERATOR_SATURATED', message };
}
