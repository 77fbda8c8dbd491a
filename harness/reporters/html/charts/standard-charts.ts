import type { CheckResult } from '../../../core/kinds/check-result.ts';
import { UNITS } from '../../../core/units.ts';
import { series as known } from '../../../series/index.ts';
import { Buckets, type Chart, type Charted, limitsOf, type Line } from './chart.ts';
import { NO_TOPOLOGY, seriesChart } from './series-charts.ts';
import { seriesLines } from './series-lines.ts';
import type { Timeline } from './timeline.ts';

/** The series that every report draws when they have readings, each in a chart of its own. */
const STANDARD: readonly { readonly name: string; readonly title: string; readonly folded?: true }[] = [
  { name: 'round_trip', title: 'Round trips at the faults' },
  { name: 'cpu', title: 'CPU', folded: true },
  { name: 'generator_lag', title: 'Lateness of the load generator', folded: true },
  { name: 'in_flight', title: 'Requests in flight', folded: true },
];

/**
 * Returns the charts that every report has beside the charts of the requests. When the wall clock was stepped, no
 * chart is folded.
 */
export function standardCharts(history: Charted, timeline: Timeline): Chart[] {
  const stepped = history.events.some((event) => event.kind === 'clock.stepped');
  return STANDARD.flatMap(({ name, title, folded }) => {
    const series = known.find((one) => one.name === name);
    const more = { title, folded: folded === true && !stepped };
    return series === undefined ? [] : seriesChart(series, { name }, history, timeline, more);
  });
}

/** The lines of the chart of the throughput: three series of one unit. */
const THROUGHPUT: readonly (Pick<Line, 'label' | 'color' | 'dash' | 'width'> & { readonly name: string })[] = [
  { name: 'asked', label: 'asked', color: 0, dash: [4, 3] },
  { name: 'throughput', label: 'achieved', color: 6, width: 2 },
  { name: 'pressure', label: 'pressure beside it', color: 8, dash: [1, 3] },
];

/** Returns what the load asked for and what it achieved; nothing when there was no load. */
export function throughputChart(
  { events, plan }: Charted,
  timeline: Timeline,
  results: readonly CheckResult[],
): Chart[] {
  const buckets = new Buckets(timeline);
  const topology = plan.topology ?? NO_TOPOLOGY;
  const shown = THROUGHPUT.filter(({ name }) => name !== 'pressure' || plan.load.pressure !== undefined);
  const series = shown.flatMap(({ name, ...line }) => {
    const one = known.find((found) => found.name === name);
    const lines = one === undefined ? [] : [...seriesLines(one, undefined, { events, topology }, buckets).values()];
    return lines.map((values) => ({ ...line, values }));
  });
  if (series.length === 0) return [];
  return [
    {
      id: 'throughput',
      title: 'Throughput',
      note: 'asked: at the planned moment; achieved: at the moment of the good answer',
      unit: UNITS['per second'].axis,
      kind: 'line',
      limits: limitsOf('throughput', results),
      x: buckets.x,
      series,
    },
  ];
}
