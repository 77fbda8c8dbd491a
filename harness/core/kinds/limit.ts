import type { NamedSeries, PlannedCheck } from '../plan/plan.ts';
import type { RunEvent } from '../record/events.ts';
import type { TopologySpec } from '../topology/spec.ts';
import { UNITS } from '../units.ts';
import type { ChartLimit } from './check-result.ts';
import { describeSeries, lineOf, type Series } from './series.ts';
import type { StopReading } from './stop-rule.ts';

/** A series and one limit, in the units of the series. Exactly one of `above` and `below` is given. */
export interface Limited extends NamedSeries {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/** Returns the number of a limit. */
const limitOf = ({ above, below }: Pick<Limited, 'above' | 'below'>): number => above ?? below ?? NaN;

/** Says whether a value is above the limit (`above`) or below the limit (`below`). A value at the limit is neither. */
export const meets = ({ above, below }: Pick<Limited, 'above' | 'below'>, value: number): boolean =>
  above === undefined ? value < (below ?? NaN) : value > above;

/** Returns a limit for people: "< 500". */
export const limitText = (limit: Pick<Limited, 'above' | 'below'>, { unit }: Pick<Series, 'unit'>): string =>
  `${limit.above === undefined ? '<' : '>'} ${UNITS[unit].text(limitOf(limit))}`;

/** Returns a series with its limit for people: "cpu of app > 90 %". */
export const describeLimited = (limited: Limited, series: Pick<Series, 'unit'>): string =>
  `${describeSeries(limited)} ${limitText(limited, series)}`;

/**
 * Returns the series and the limit of a planned hypothesis or stop condition; undefined when it is about something else.
 * In old records the name of the series is the name of the check.
 */
export function limitedBy(
  { check, params }: Pick<PlannedCheck, 'check' | 'params'>,
  known: readonly Series[],
): Limited | undefined {
  const { name = check, ...limits } = params as Partial<Limited>;
  return known.some((series) => series.name === name) ? { ...limits, name } : undefined;
}

/** Returns the id of the chart of a series. */
export const chartOf = (named: NamedSeries): string => `series ${describeSeries(named)}`;

/** Returns the limit for the chart of the series, in the chart's unit. */
export const chartLimit = (limited: Limited, series: Pick<Series, 'unit'>): ChartLimit => ({
  chart: chartOf(limited),
  value: limitOf(limited) / UNITS[series.unit].per,
  label: `limit: ${limitText(limited, series)}`,
});

/**
 * Watches a series against a limit. Returns a function that receives every event of one run in order. It returns
 * nothing for an event without a reading.
 */
export function watchLimit(
  series: Series,
  limited: Limited,
  spec: TopologySpec,
): (event: RunEvent) => readonly StopReading[] {
  const read = series.read(limited.of, spec);
  return (event) =>
    read(event).map((reading): StopReading => {
      const of = lineOf(reading);
      return {
        of,
        holds: meets(limited, reading.value),
        observed: `the last reading of ${of === '' ? series.name : of} was ${UNITS[series.unit].text(reading.value)}`,
      };
    });
}
