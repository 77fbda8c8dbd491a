import type { RunEvent } from '../../core/record/events.ts';
import { UNITS } from '../../core/units.ts';
import { series as known } from '../../series/index.ts';
import { Buckets, type Chart, type Line, spread } from '../html/charts/chart.ts';
import { seriesLines } from '../html/charts/series-lines.ts';
import type { Timeline } from '../html/charts/timeline.ts';
import type { DayRun } from './runs.ts';

interface Drawn extends Omit<Line, 'values' | 'label'> {
  /** The name of a series. */
  readonly name: string;
  readonly label: string;
}

/** What users felt, from the figures that each run's load records each second. */
const CHARTS: readonly {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly lines: readonly Drawn[];
}[] = [
  {
    id: 'latency',
    title: 'Latency',
    note: 'of all answers of each second, errors too',
    lines: [
      { name: 'latency_p50', label: 'p50', color: 4 },
      { name: 'latency_p95', label: 'p95', color: 1, width: 2 },
    ],
  },
  {
    id: 'throughput',
    title: 'Throughput',
    note: 'good answers of each second',
    lines: [
      { name: 'asked', label: 'asked', color: 0, dash: [4, 3] },
      { name: 'throughput', label: 'achieved', color: 6, width: 2 },
    ],
  },
  {
    id: 'errors',
    title: 'Errors',
    note: 'of the requests that ended in each second',
    lines: [{ name: 'error_share', label: 'failed', color: 3, width: 2 }],
  },
];

type Values = readonly (number | null)[];

/** Returns the charts of the whole day: the runs follow each other, and between two of them there is no load. */
export function chartsOfDay(runs: readonly DayRun[], timeline: Timeline): Chart[] {
  const buckets = new Buckets(timeline);
  return CHARTS.flatMap(({ id, title, note, lines }) => {
    const drawn = lines.flatMap((line) => lineOfDay(line, runs, buckets));
    const [first] = lines;
    const unit = known.find(({ name }) => name === first?.name)?.unit;
    if (drawn.length === 0 || unit === undefined) return [];
    const [usual] = drawn;
    const all = drawn.flatMap(({ values }) => values);
    const log = id === 'latency' && spread(usual?.values ?? [], all);
    return [{ id, title, note, unit: UNITS[unit].axis, kind: 'line' as const, log, x: buckets.x, series: drawn }];
  });
}

function lineOfDay({ name, ...line }: Drawn, runs: readonly DayRun[], buckets: Buckets): Line[] {
  const series = known.find((one) => one.name === name);
  if (series === undefined) return [];
  const parts = runs.flatMap(({ events }): Values[] => {
    const topology = topologyOf(events);
    if (topology === undefined) return [];
    return [...seriesLines(series, undefined, { events, topology }, buckets).values()];
  });
  const values = buckets.x.map((_, i) => parts.reduce<number | null>((found, part) => found ?? part[i] ?? null, null));
  return values.some((value) => value !== null) ? [{ ...line, values }] : [];
}

function topologyOf([first]: readonly RunEvent[]) {
  return first?.kind === 'run.started' ? first.plan.topology : undefined;
}
