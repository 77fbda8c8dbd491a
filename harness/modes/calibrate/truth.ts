import { percentile } from '../../core/stats.ts';
import type { StubLog, StubRequest, StubSpan } from './stub.ts';

// The figures that the instrument must find, from the stub's log and from arithmetic. Nothing here uses the
// instrument's own figures.

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Returns a percentile of values in any order. NaN when there are none. */
export const percentileOf = (values: readonly number[], percent: number): number =>
  percentile(sorted(values), percent) ?? NaN;

/** Returns, for each request, the milliseconds from its headers to the end of its answer, as the server saw them. */
export const servedMs = (requests: readonly StubRequest[]): number[] =>
  requests.map(({ arrived, ended }) => ended - arrived);

/**
 * Returns the latencies of an even stream to a server that freezes for a while, from the planned moment, milliseconds.
 * The server answers in `serviceMs`. An answer that is due during the freeze waits for the end of the freeze. The
 * stream begins with the server's first arrival.
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
 * Returns the latencies by the server's log, from the planned moment, milliseconds. A request's id ends with its
 * number, which says when the request was due in an even stream. The latency ends when its answer was handed to the
 * system.
 */
export function loggedLatencies({ requests }: StubLog, ratePerS: number): number[] {
  const numbered = requests.map((request) => ({ ...request, n: Number(/\d+$/.exec(request.id)?.[0] ?? NaN) }));
  const origins = numbered.map(({ arrived, n }) => arrived - (n * 1_000) / ratePerS);
  // The earliest origin comes from the request that was delayed least.
  const origin = origins.reduce((least, at) => Math.min(least, at), Infinity);
  return numbered.map(({ ended, n }) => ended - origin - (n * 1_000) / ratePerS);
}

/** Returns how many moments of an even stream fall into a span. */
export const dueWithin = ({ from, until }: StubSpan, ratePerS: number): number => ((until - from) * ratePerS) / 1_000;

const SLOT_MS = 10;

/**
 * Returns how uneven the arrivals are, in percent. In each whole second, its fullest 10 ms hold a share of its
 * arrivals. The result is the median of these shares. A perfectly even stream has 1. A stream that is sent at the
 * beginning of each second has 100.
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

/** Returns the arrivals a second, as the server saw them. n arrivals have n - 1 gaps between them. */
export function arrivalRate({ requests }: StubLog): number {
  const arrivals = sorted(requests.map(({ arrived }) => arrived));
  return ((arrivals.length - 1) * 1_000) / ((arrivals.at(-1) ?? NaN) - (arrivals[0] ?? NaN));
}
