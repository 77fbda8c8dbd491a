import { OUTCOMES, type RequestTable } from './load.ts';
import type { Latencies, Population } from '../record/latencies.ts';
import { shareBounds } from '../bounds/share.ts';
import { percentile } from '../stats.ts';
import { openRows, type Recorded, type Traffic, trafficWithin } from '../record/traffic.ts';

/** Milliseconds; null when there was nothing to measure. */
interface Percentiles<Of extends Population> {
  /** The requests whose latencies these are: see `POPULATIONS`. */
  readonly population: Of;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The figures of a load's open stream, as scripts read them; null when there was nothing to measure. */
export interface LoadFigures {
  /** planned = ok + failed + dropped + in_flight. */
  readonly planned: number;
  /** Requests that were written to a connection. Refused and dropped requests are not among them. */
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  /** Requests that had not ended when the record ended. Above 0 only after a crash. */
  readonly in_flight: number;
  /**
   * Offered requests (ok + failed) per second. The time runs from the first planned moment to the last sent request, or
   * to the planned end if that is later.
   */
  readonly achieved_per_s: number | null;
  readonly goodput_per_s: number | null;
  /** Successful requests, from the planned moment to the whole answer. */
  readonly latency_ms: Percentiles<'successful'>;
  /**
   * All offered requests; a failed request counts at least as slow as the timeout. The 95 % bounds of p95 are null when
   * there are too few requests for them.
   */
  readonly judged_ms: Percentiles<'judged'> & { readonly p95_lower: number | null; readonly p95_upper: number | null };
  /** The share (0 to 1) of the offered requests that failed, with 95 % bounds. Failures in bursts widen the bounds. */
  readonly failed_share: { readonly value: number | null; readonly lower: number; readonly upper: number };
  /** How many requests had each outcome. Outcomes that did not occur are left out. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many whole answers had each HTTP status, good and bad ones. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How many requests ended with each error code: ENOTFOUND, ECONNRESET, NOT_HTTP. */
  readonly errors: Readonly<Record<string, number>>;
  /** The generator's own lateness: the time sent minus the time planned. */
  readonly lag_ms: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
}

const EVER = { started: -Infinity, ended: Infinity };

export interface FiguresByEndpoint {
  readonly all: LoadFigures;
  readonly endpoints: readonly (LoadFigures & { readonly name: string })[];
}

/** Returns the figures of all requests of a load. `inFlight` requests were planned and are not recorded. */
export function loadFigures(recorded: Recorded, durationMs: number, inFlight = 0): FiguresByEndpoint {
  const { requests } = recorded;
  const rows = openRows(requests, EVER);
  const spanMs = Math.max(durationMs, lastSent(requests, rows) - (requests.planned[rows[0] ?? -1] ?? NaN));
  const { all, endpoints } = trafficWithin(recorded, EVER);
  const of = (traffic: Traffic, mine: Uint32Array, inFlight: number): LoadFigures => {
    const lags = lagsOf(requests, mine);
    return { ...figures(traffic, spanMs, lags, inFlight), sent: lags.length };
  };
  return {
    all: of(all, rows, inFlight),
    endpoints: [...endpoints].map(([name, traffic]) => {
      const endpoint = requests.endpoints.indexOf(name);
      const mine = rows.filter((i) => requests.endpoint[i] === endpoint);
      return { name, ...of(traffic, mine, 0) };
    }),
  };
}

const lastSent = ({ sent }: RequestTable, rows: Uint32Array): number =>
  rows.reduce((last, i) => Math.max(last, Number.isFinite(sent[i]) ? (sent[i] ?? 0) : -Infinity), -Infinity);

/** Returns the lateness of each sent request in milliseconds, sorted. */
const lagsOf = ({ sent, planned }: RequestTable, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (i) => (sent[i] ?? NaN) - (planned[i] ?? NaN))
    .filter((lag) => Number.isFinite(lag))
    .sort();

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

const percentiles = <Of extends Population>(latencies: Latencies<Of>): Percentiles<Of> => ({
  population: latencies.population,
  p50: orNull(latencies.percentile(50)),
  p90: orNull(latencies.percentile(90)),
  p95: orNull(latencies.percentile(95)),
  p99: orNull(latencies.percentile(99)),
  max: orNull(latencies.max),
});

function figures(traffic: Traffic, spanMs: number, lags: Float64Array, inFlight: number): Omit<LoadFigures, 'sent'> {
  const { offered, ok, failed, failures, dropped, outcomes, statuses, errors } = traffic;
  const { judged, successful } = traffic.latencies;
  const bounds = judged.bounds(95);
  const { lower, upper } = shareBounds(failures);
  const perSecond = (n: number): number | null => orNull((n * 1_000) / spanMs);
  return {
    planned: offered + dropped + inFlight,
    ok,
    failed,
    dropped,
    in_flight: inFlight,
    achieved_per_s: perSecond(offered),
    goodput_per_s: perSecond(ok),
    latency_ms: percentiles(successful),
    judged_ms: {
      ...percentiles(judged),
      p95_lower: orNull(bounds?.lower),
      p95_upper: orNull(bounds?.upper),
    },
    failed_share: { value: orNull(failed / offered), lower, upper },
    outcomes: Object.fromEntries(
      OUTCOMES.flatMap((name, i) => ((outcomes[i] ?? 0) > 0 ? [[name, outcomes[i] ?? 0]] : [])),
    ),
    statuses,
    errors,
    lag_ms: { p50: orNull(percentile(lags, 50)), p99: orNull(percentile(lags, 99)), max: orNull(lags.at(-1)) },
  };
}
