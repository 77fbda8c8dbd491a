import { percentile } from '../core/stats.ts';
import type { StubLog, StubRequest, StubSpan } from './stub.ts';

/** What the instrument must find, from the stub's log and from arithmetic; nothing here has seen the instrument's figures. */

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Percentile of values in any order, NaN of none. */
export const percentileOf = (values: readonly number[], percent: number): number =>
  percentile(sorted(values), percent) ?? NaN;

/** From the headers of each request to the end of its answer, as the server saw it. */
export const servedMs = (requests: readonly StubRequest[]): number[] =>
  requests.map(({ arrived, ended }) => ended - arrived);

/**
 * Latencies, from the planned moment, of an even stream over a server that answers in `serviceMs`, and nothing for a while:
 * whose answer falls into the freeze waits for its end. The stream begins with the server's first arrival.
 */
export function frozenLatencies(
  { from, until }: StubSpan,
  firstArrival: number,
  ratePerS: number,
  durationMs: number,
  serviceMs: number,
): number[] {
  const count = Math.round((ratePerS * durationMs) / 1_000);
  return Array.from({ length: count }, (_, i) => {
    const due = firstArrival + (i * 1_000) / ratePerS;
    const answer = due + serviceMs;
    return (answer >= from && answer < until ? until : answer) - due;
  });
}

/**
 * Latencies, from the planned moment, as the server's log has them: from when a request was due in an even stream, by its
 * number at the end of its id, to when its answer was handed to the system.
 */
export function loggedLatencies({ requests }: StubLog, ratePerS: number): number[] {
  const numbered = requests.map((request) => ({ ...request, n: Number(/\d+$/.exec(request.id)?.[0] ?? NaN) }));
  const origins = numbered.map(({ arrived, n }) => arrived - (n * 1_000) / ratePerS);
  // The earliest is the one that nothing held up.
  const origin = origins.reduce((least, at) => Math.min(least, at), Infinity);
  return numbered.map(({ ended, n }) => ended - origin - (n * 1_000) / ratePerS);
}

/** How many moments of an even stream fall into a span. */
export const dueWithin = ({ from, until }: StubSpan, ratePerS: number): number => ((until - from) * ratePerS) / 1_000;

const SLOT_MS = 10;

/**
 * How uneven arrivals are: of each whole second the share of its arrivals that came in its fullest 10 ms, the median over
 * the seconds, in percent. A perfectly even stream has 1, one that is sent at the beginning of each second 100.
 */
export function fullestSlotPercent({ requests }: StubLog): number {
  const arrivals = sorted(requests.map(({ arrived }) => arrived));
  const first = arrivals[0] ?? NaN;
  const seconds = Math.floor(((arrivals.at(-1) ?? NaN) - first) / 1_000);
  const shares = Array.from({ length: Number.isFinite(seconds) ? seconds : 0 }, (_, second) => {
    const slots = new Float64Array(1_000 / SLOT_MS);
    let total = 0;
    for (const at of arrivals) {
      const into = at - first - second * 1_000;
      if (into < 0 || into >= 1_000) continue;
      const slot = Math.floor(into / SLOT_MS);
      slots[slot] = (slots[slot] ?? 0) + 1;
      total += 1;
    }
    return (Math.max(...slots) / total) * 100;
  });
  return percentileOf(shares, 50);
}

/** Arrivals a second, as the server saw them: n arrivals are n - 1 gaps. */
export function arrivalRate({ requests }: StubLog): number {
  const arrivals = sorted(requests.map(({ arrived }) => arrived));
  return ((arrivals.length - 1) * 1_000) / ((arrivals.at(-1) ?? NaN) - (arrivals[0] ?? NaN));
}
