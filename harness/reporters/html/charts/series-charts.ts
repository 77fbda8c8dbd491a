import type { CheckResult } from '../../../core/kinds/check-result.ts';
import { chartLimit, chartOf, limitedBy } from '../../../core/kinds/limit.ts';
import { describeSeries, type Series, seriesNamed } from '../../../core/kinds/series.ts';
import { formatDuration } from '../../../core/duration.ts';
import type { NamedSeries } from '../../../core/plan/plan.ts';
import { seriesAskedFor } from '../../../core/record/series-means.ts';
import type { TopologySpec } from '../../../core/topology/spec.ts';
import { UNITS } from '../../../core/units.ts';
import { Buckets, type Chart, type Charted, limitsOf, lineOf, spread } from './chart.ts';
import { seriesLines } from './series-lines.ts';
import type { Timeline } from './timeline.ts';

/** More lines than this cannot be told apart. */
const MOST_LINES = 16;
/** Stands for the topology of a load alone, which has none. The series of a load read no topology. */
export const NO_TOPOLOGY = {} as TopologySpec;

/** Returns the chart of each series that a hypothesis, a stop condition or the list `charts` names, with its limits. */
export const askedCharts = (
  history: Charted,
  timeline: Timeline,
  results: readonly CheckResult[],
  known: readonly Series[],
): Chart[] =>
  seriesAskedFor(history.plan, known).flatMap((named) => {
    const series = seriesNamed(known, named);
    if (series === undefined) return [];
    const id = chartOf(named);
    const stops = (history.plan.stop_if ?? []).flatMap((stop) => limitedBy(stop, known) ?? []);
    const ending = stops
      .filter((stop) => chartOf(stop) === id)
      .map((stop) => {
        const { value, label } = chartLimit(stop, series);
        return { value, label: `ends the run: ${label}` };
      });
    return seriesChart(series, named, history, timeline, { limits: [...limitsOf(id, results), ...ending] });
  });

/** Returns the chart of one series; nothing when it has no readings. The lines with the highest values come first. */
export function seriesChart(
  series: Series,
  named: NamedSeries,
  { events, plan }: Charted,
  timeline: Timeline,
  more: Partial<Chart> = {},
): Chart[] {
  const buckets = new Buckets(timeline, series.everyMs / 1_000);
  const lines = seriesLines(series, named.of, { events, topology: plan.topology ?? NO_TOPOLOGY }, buckets);
  const peak = (values: readonly (number | null)[]): number => Math.max(0, ...values.map((v) => v ?? 0));
  const drawn = [...lines].filter(([, values]) => values.some((v) => v !== null));
  const shown = drawn.toSorted(([, a], [, b]) => peak(b) - peak(a)).slice(0, MOST_LINES);
  if (shown.length === 0 || buckets.count < 2) return [];
  const rest = drawn.length - shown.length;
  const values = shown.flatMap(([, line]) => line);
  return [
    {
      id: chartOf(named),
      title: describeSeries(named),
      note: `${series.summary} Read every ${formatDuration(series.everyMs)}.${rest > 0 ? ` The ${rest} lowest lines are left out.` : ''}`,
      unit: UNITS[series.unit].axis,
      kind: 'line',
      log: spread(values, values),
      x: buckets.x,
      series: shown.map(([name, line], n) => lineOf(name === '' ? series.name : name, n, line)),
      ...more,
    },
  ];
}
