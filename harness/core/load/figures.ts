import { OUTCOMES, type RequestTable } from './load.ts';
import { percentile, percentileBounds, proportionBounds } from '../stats.ts';
import { openRows, type Recorded, type Traffic, trafficWithin } from '../traffic.ts';

/** Milliseconds; null where there was nothing to measure. */
interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Figures of an open stream as scripts read them; null where there was nothing to measure. */
export interface LoadFigures {
  /** planned = ok + failed + dropped + in_flight. */
  readonly planned: number;
  /** Written to a connection: without those that were refused or dropped. */
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  /** Not ended when the record ended: only after a crash. */
  readonly in_flight: number;
  /** Offered (ok + failed) a second, from the first planned moment to the last one sent, or to the planned end if that is later. */
  readonly achieved_per_s: number | null;
  readonly goodput_per_s: number | null;
  /** Of successful requests, from the planned moment to the whole answer. */
  readonly latency_ms: Percentiles;
  /** Of all that were offered, a failed one being as slow as the timeout at least; with 95 % bounds of its p95, null where it has none. */
  readonly judged_ms: Percentiles & { readonly p95_lower: number | null; readonly p95_upper: number | null };
  /** Share of 0 to 1 of what was offered, with exact 95 % bounds. */
  readonly failed_share: { readonly value: number | null; readonly lower: number; readonly upper: number };
  /** How many of each outcome, of those that occurred. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The generator's own lateness: sent less planned. */
  readonly lag_ms: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
}

const EVER = { started: -Infinity, ended: Infinity };

export interface FiguresByEndpoint {
  readonly all: LoadFigures;
  readonly endpoints: readonly (LoadFigures & { readonly name: string })[];
}

/** Figures of everything that a load recorded. `inFlight`: known to be planned, and not recorded. */
export function loadFigures(recorded: Recorded, durationMs: number, inFlight = 0): FiguresByEndpoint {
  const { requests } = recorded;
  const rows = openRows(requests, EVER);
  const spanMs = Math.max(durationMs, lastSent(requests, rows) - (requests.planned[rows[0] ?? -1] ?? NaN));
  const { all, endpoints } = trafficWithin(recorded, EVER);
  const of = (traffic: Traffic, mine: readonly number[], inFlight: number): LoadFigures => {
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

const lastSent = ({ sent }: RequestTable, rows: readonly number[]): number =>
  rows.reduce((last, i) => Math.max(last, Number.isFinite(sent[i]) ? (sent[i] ?? 0) : -Infinity), -Infinity);

/** Sorted; requests that were never sent have none. */
const lagsOf = ({ sent, planned }: RequestTable, rows: readonly number[]): Float64Array =>
  Float64Array.from(
    rows.map((i) => (sent[i] ?? NaN) - (planned[i] ?? NaN)).filter((lag) => Number.isFinite(lag)),
  ).sort();

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

const percentiles = (sorted: Float64Array): Percentiles => ({
  p50: orNull(percentile(sorted, 50)),
  p90: orNull(percentile(sorted, 90)),
  p95: orNull(percentile(sorted, 95)),
  p99: orNull(percentile(sorted, 99)),
  max: orNull(sorted.at(-1)),
});

function figures(traffic: Traffic, spanMs: number, lags: Float64Array, inFlight: number): Omit<LoadFigures, 'sent'> {
  const { offered, ok, failed, dropped, outcomes } = traffic;
  const bounds = percentileBounds(traffic.judgedInOrder, 95);
  const perSecond = (n: number): number | null => orNull((n * 1_000) / spanMs);
  return {
    planned: offered + dropped + inFlight,
    ok,
    failed,
    dropped,
    in_flight: inFlight,
    achieved_per_s: perSecond(offered),
    goodput_per_s: perSecond(ok),
    latency_ms: percentiles(traffic.okMs),
    judged_ms: {
      ...percentiles(traffic.judgedMs),
      p95_lower: orNull(bounds?.lower),
      p95_upper: orNull(bounds?.upper),
    },
    failed_share: { value: orNull(failed / offered), ...proportionBounds(failed, offered) },
    outcomes: Object.fromEntries(
      OUTCOMES.flatMap((name, i) => ((outcomes[i] ?? 0) > 0 ? [[name, outcomes[i] ?? 0]] : [])),
    ),
    lag_ms: { p50: orNull(percentile(lags, 50)), p99: orNull(percentile(lags, 99)), max: orNull(lags.at(-1)) },
  };
}
