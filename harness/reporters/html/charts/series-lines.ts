import type { Series } from '../../../core/kinds/series.ts';
import { linesOf, type Point, type SeriesSource } from '../../../core/record/series-lines.ts';
import { median } from '../../../core/stats.ts';
import { UNITS } from '../../../core/units.ts';
import { type Buckets, round } from './chart.ts';

/**
 * Returns the mean of the readings in a step. For durations, returns the median: in a mean, one slow answer would hide
 * the others.
 */
const together = (values: readonly number[], unit: Series['unit']): number | undefined =>
  unit === 'duration' ? median(values) : values.reduce((sum, v) => sum + v, 0) / values.length;

/** Readings come about once an interval, and not exactly on time. So one empty step gets the value before it. */
const bridged = (values: readonly (number | null)[]): (number | null)[] =>
  values.map((value, i) => (value === null && values[i + 1] != null ? (values[i - 1] ?? null) : value));

/** Returns the values of a series for a chart, by the name of the line. A line that has no name of its own is "". */
export function seriesLines(
  series: Series,
  of: string | undefined,
  record: SeriesSource,
  buckets: Buckets,
): ReadonlyMap<string, readonly (number | null)[]> {
  const values = (points: readonly Point[]): (number | null)[] => {
    const steps = buckets.lists();
    for (const { at, value } of points) steps[buckets.of(at)]?.push(value / UNITS[series.unit].per);
    return bridged(steps.map((step) => round(together(step, series.unit))));
  };
  return new Map([...linesOf(series, of, record)].map(([name, points]) => [name, values(points)]));
}
