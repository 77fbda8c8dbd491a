import { eventsOf, type History } from '../../core/history.ts';
import { median } from '../../core/evidence/evidence.ts';
import { type LoadPlan, OUTCOMES, SOURCES } from '../../core/load/load.ts';
import { percentile } from '../../core/stats.ts';
import type { Timeline } from './timeline.ts';

export interface Series {
  readonly label: string;
  /** Number of a colour of the palette, 1 to 8; 0 is muted. */
  readonly color: number;
  readonly dash?: readonly number[];
  readonly width?: number;
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** Whose figures these are. */
  readonly note: string;
  readonly unit: string;
  readonly kind: 'line' | 'stack';
  readonly log?: boolean;
  readonly limit?: { readonly value: number; readonly label: string };
  /** Shown on demand. */
  readonly folded?: boolean;
  /** Seconds since the load began, rising. */
  readonly x: readonly number[];
  readonly series: readonly Series[];
}

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
/** A longer run gets wider buckets instead of more of them. */
const MOST_POINTS = 900;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

const round = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(3));

const seriesOf = (label: string, n: number, values: readonly (number | null)[]): Series => {
  const dash = DASHES[Math.floor(n / 8) % DASHES.length] ?? [];
  return { label, color: (n % 8) + 1, values, ...(dash.length > 0 ? { dash } : {}) };
};

/** What charts are drawn from: a run, or a load alone. */
export interface Charted extends Pick<History, 'events' | 'requests'> {
  readonly plan: Pick<History['plan'], 'hypotheses'> & { readonly load: Pick<LoadPlan, 'pressure'> };
}

/** Every chart for which there is data, in the order of the report. */
export function chartsOf(history: Charted, timeline: Timeline): Chart[] {
  const step = Math.max(1, Math.ceil(timeline.length / MOST_POINTS));
  const buckets = new Buckets(timeline, step);
  return [
    ...loadCharts(history, buckets),
    ...linkChart(history, buckets),
    ...cpuChart(history, timeline),
    ...generatorChart(history, timeline),
  ];
}

/** The time axis in steps of whole seconds. */
class Buckets {
  readonly step: number;
  readonly count: number;
  readonly x: readonly number[];
  readonly #origin: number;

  constructor({ origin, length }: Timeline, step: number) {
    this.step = step;
    // The last, partial step would show a fall that never was.
    this.count = Math.max(1, Math.floor(length / step));
    this.x = Array.from({ length: this.count }, (_, i) => i * step);
    this.#origin = origin;
  }

  /** -1 outside the axis. */
  of(t: number): number {
    const i = Math.floor((t - this.#origin) / 1_000 / this.step);
    return i >= 0 && i < this.count ? i : -1;
  }

  lists(): number[][] {
    return this.x.map(() => []);
  }

  zeros(): number[] {
    return this.x.map(() => 0);
  }
}

function loadCharts({ requests, plan }: Charted, buckets: Buckets): Chart[] {
  if (requests.length === 0) return [];
  const latencies = buckets.lists();
  const asked = buckets.zeros();
  const achieved = buckets.zeros();
  const pressed = buckets.zeros();
  const failures = new Map<number, number[]>();
  for (let i = 0; i < requests.length; i += 1) {
    const outcome = requests.outcome[i] ?? 0;
    const planned = requests.planned[i] ?? NaN;
    const done = requests.done[i] ?? NaN;
    const [at, end] = [buckets.of(planned), buckets.of(done)];
    if (requests.source[i] !== OPEN) {
      if (outcome === OK && end >= 0) pressed[end] = (pressed[end] ?? 0) + 1;
      continue;
    }
    if (outcome === OK && end >= 0) achieved[end] = (achieved[end] ?? 0) + 1;
    if (at < 0) continue;
    asked[at] = (asked[at] ?? 0) + 1;
    if (outcome === OK) latencies[at]?.push(done - planned);
    else {
      const counts = failures.get(outcome) ?? buckets.zeros();
      failures.set(outcome, counts);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const rate = (counts: readonly number[]): (number | null)[] => counts.map((n) => round(n / buckets.step));
  const sorted = latencies.map((list) => Float64Array.from(list).sort());
  const at = (percent: number): (number | null)[] => sorted.map((list) => round(percentile(list, percent)));
  const [p50, p95, p99] = [at(50), at(95), at(99)];
  const { x } = buckets;
  const limit = latencyLimit(plan.hypotheses);
  const named = [...failures].sort((a, b) => a[0] - b[0]);
  return [
    {
      id: 'latency',
      title: 'Latency',
      note: 'successful requests of the judged stream, from the planned moment to the whole answer',
      unit: 'ms',
      kind: 'line',
      log: spread(p50, p99),
      ...(limit === undefined ? {} : { limit }),
      x,
      series: [
        { label: 'p50', color: 4, values: p50 },
        { label: 'p95', color: 1, width: 2, values: p95 },
        { label: 'p99', color: 5, dash: [2, 3], values: p99 },
      ],
    },
    {
      id: 'throughput',
      title: 'Throughput',
      note: 'asked by the time planned, achieved by the time of the good answer',
      unit: '/s',
      kind: 'line',
      x,
      series: [
        { label: 'asked', color: 0, dash: [4, 3], values: rate(asked) },
        { label: 'achieved', color: 6, width: 2, values: rate(achieved) },
        ...(plan.load.pressure === undefined
          ? []
          : [{ label: 'pressure beside it', color: 8, dash: [1, 3], values: rate(pressed) }]),
      ],
    },
    {
      id: 'errors',
      title: 'Failed requests',
      note: named.length === 0 ? 'none' : 'by outcome, by the time planned',
      unit: '/s',
      kind: 'stack',
      x,
      series: named.map(([code, counts]) => ({
        label: (OUTCOMES[code] ?? 'other').replace('_', ' '),
        color: OUTCOME_COLOR[code] ?? 0,
        values: rate(counts),
      })),
    },
  ];
}

/** By the position in OUTCOMES. */
const OUTCOME_COLOR: readonly number[] = [6, 3, 1, 2, 5, 7, 8, 4, 0, 0];

/** Whether values lie so far apart that a linear axis would hide the small ones. */
function spread(usual: readonly (number | null)[], high: readonly (number | null)[]): boolean {
  const middle = median(usual.filter((v) => v !== null)) ?? 1;
  return high.some((v) => v !== null && v > 20 * middle);
}

/** The strictest limit of a latency hypothesis. */
function latencyLimit(hypotheses: Charted['plan']['hypotheses']): Chart['limit'] {
  const limits = hypotheses.flatMap(({ check, params }) => {
    if (check !== 'latency' || typeof params !== 'object' || params === null) return [];
    return Object.entries(params).flatMap(([key, value]) =>
      /^p\d+$/.test(key) && typeof value === 'number' ? [{ value, label: `limit of ${key}: ${value} ms` }] : [],
    );
  });
  return limits.sort((a, b) => a.value - b.value)[0];
}

/** Round trips as the consumers' side measured them; where nothing answered there is a gap. */
function linkChart(history: Charted, buckets: Buckets): Chart[] {
  const byObserver = Map.groupBy(eventsOf(history, 'observation'), (e) => e.observer);
  const series = [...byObserver].map(([name, seen], n): Series => {
    const lists = buckets.lists();
    for (const { t, ok, rtt } of seen) if (ok && rtt !== undefined) lists[buckets.of(t)]?.push(rtt);
    return seriesOf(
      name,
      n,
      lists.map((list) => round(median(list))),
    );
  });
  if (series.length === 0) return [];
  const values = series.flatMap((s) => s.values);
  return [
    {
      id: 'links',
      title: 'Round trips across the faulty places',
      note: 'median of each second, asked from the consumer’s network namespace; a gap: no answer',
      unit: 'ms',
      kind: 'line',
      log: spread(values, values),
      x: buckets.x,
      series,
    },
  ];
}

function cpuChart(history: Charted, { origin, length }: Timeline): Chart[] {
  const samples = eventsOf(history, 'resources').filter((e) => e.cpu_percent !== null);
  const at = (t: number): number => Math.round((t - origin) / 1_000);
  const x = [...new Set(samples.map((e) => at(e.t)))].filter((t) => t >= 0 && t <= length).sort((a, b) => a - b);
  const position = new Map(x.map((t, i) => [t, i]));
  const servers = [...Map.groupBy(samples, (e) => e.server_id)].map(([name, of]) => {
    const values: (number | null)[] = x.map(() => null);
    for (const e of of) {
      const i = position.get(at(e.t));
      if (i !== undefined) values[i] = round(e.cpu_percent ?? undefined);
    }
    return { name, values, peak: Math.max(0, ...values.map((v) => v ?? 0)) };
  });
  if (x.length < 2) return [];
  const shown = servers.sort((a, b) => b.peak - a.peak).slice(0, 16);
  const rest = servers.length - shown.length;
  return [
    {
      id: 'cpu',
      title: 'CPU',
      note: `percent of one core, the host’s of all its cores; busiest first${rest > 0 ? `, ${rest} quieter ones left out` : ''}`,
      unit: '%',
      kind: 'line',
      folded: true,
      x,
      series: shown.map(({ name, values }, n) => seriesOf(name, n, values)),
    },
  ];
}

function generatorChart(history: Charted, { origin, length }: Timeline): Chart[] {
  const ticks = eventsOf(history, 'load').filter((e) => e.t - origin >= 0 && (e.t - origin) / 1_000 <= length + 1);
  if (ticks.length < 2) return [];
  const every = Math.ceil(ticks.length / MOST_POINTS);
  const kept = ticks.filter((_, i) => i % every === 0);
  return [
    {
      id: 'generator',
      title: 'Load generator',
      note: 'its own lateness (99th percentile of sent − planned, ms) and requests in flight',
      unit: '',
      kind: 'line',
      folded: history.events.every((e) => e.kind !== 'clock.stepped'),
      x: kept.map((e) => Math.round((e.t - origin) / 100) / 10),
      series: [
        { label: 'late by (ms)', color: 2, width: 2, values: kept.map((e) => round(e.lag_p99_ms)) },
        { label: 'in flight', color: 0, dash: [4, 3], values: kept.map((e) => round(e.in_flight)) },
      ],
    },
  ];
}
