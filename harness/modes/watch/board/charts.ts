import { chartLimit, chartOf, limitedBy } from '../../../core/kinds/limit.ts';
import { describeSeries, lineOf, type Reading, type Series, spanMs } from '../../../core/kinds/series.ts';
import { peakRate } from '../../../core/load/arrivals.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import type { RunEvent } from '../../../core/record/events.ts';
import { seriesAskedFor } from '../../../core/record/series-means.ts';
import { UNITS } from '../../../core/units.ts';
import type { BoardChart, PointMessage } from '../message.ts';
import { TARGETS } from './targets.ts';

/** One series in a chart. */
interface Drawn {
  readonly series: Series;
  readonly of?: string | undefined;
  /** Returns the name of the line of a reading. */
  readonly name: (reading: Reading) => string;
}

interface Planned {
  readonly chart: BoardChart;
  readonly drawn: readonly Drawn[];
}

/** The machine itself, beside the containers, in the figures of resources. */
const HOST = 'host';
/** More charts of an experiment's own series than this do not fit beside the others. */
const MOST_ASKED = 4;
/** A line has a gap when so many readings are missing. */
const MISSING = 3;

/** Reads the points of every chart from the events of one run, in their order. */
export interface ChartReader {
  readonly charts: readonly BoardChart[];
  /** `origin`: when the load began, epoch milliseconds. */
  points(event: RunEvent, origin: number): readonly PointMessage[];
}

/** Returns the charts of the specification's dashboard, and one for each other series that the plan names. */
export function readCharts(plan: Plan, known: readonly Series[]): ChartReader {
  const planned = [...standard(plan, known), ...asked(plan, known)];
  const readers = planned.flatMap(({ drawn }, chart) =>
    drawn.map(({ series, of, name }) => {
      const read = series.read(of, plan.topology);
      return (event: RunEvent, origin: number): PointMessage[] =>
        read(event).map((reading) => [
          chart,
          name(reading),
          Math.round(event.t - spanMs(series) / 2 - origin) / 1_000,
          Number((reading.value / UNITS[series.unit].per).toPrecision(4)),
        ]);
    }),
  );
  return {
    charts: planned.map(({ chart }) => chart),
    points: (event, origin) => readers.flatMap((read) => read(event, origin)).filter(([, , x]) => x >= 0),
  };
}

function standard({ load, topology }: Plan, known: readonly Series[]): Planned[] {
  const line = (name: string, label: string, of?: string): Drawn[] =>
    known.filter((series) => series.name === name).map((series) => ({ series, of, name: () => label }));
  const short = (name: string): string =>
    name.startsWith(`${topology.project}-`) ? name.slice(topology.project.length + 1) : name;
  const containers = known
    .filter(({ name }) => name === 'cpu')
    .map((series) => ({
      series,
      name: (reading: Reading) => (lineOf(reading) === HOST ? 'host CPU' : short(lineOf(reading))),
    }));
  const pressed = load.pressure !== undefined;
  const target = (value: number, text: string) => ({ value, label: `target ${text}` });
  return [
    planned(
      'latency',
      'Latency',
      'of all answers of each second, errors too',
      'ms',
      [...line('latency_p50', 'p50'), ...line('latency_p95', 'p95')],
      [target(TARGETS.response_time, '200 ms')],
    ),
    planned(
      'throughput',
      'Throughput',
      'good answers of each second',
      '/s',
      [
        ...line('asked', 'asked'),
        ...line('throughput', 'achieved'),
        ...(pressed ? line('pressure', 'pressure beside it') : []),
      ],
      // A load that asks for much less would be a flat line below its target.
      peakRate(load.arrivals) < TARGETS.throughput / 2 ? [] : [target(TARGETS.throughput, '1,000/s')],
    ),
    planned('errors', 'Errors', 'of the requests that ended in each second', '%', line('error_share', 'failed'), [
      target(TARGETS.errors, '0.1 %'),
    ]),
    planned(
      'resources',
      'Resources',
      'host: of all it has; containers: CPU of one core',
      '%',
      [...line('memory', 'host memory', HOST), ...containers],
      [],
      ['host CPU', 'host memory'],
    ),
  ].filter(({ drawn }) => drawn.length > 0);
}

function asked(plan: Plan, known: readonly Series[]): Planned[] {
  const shown = new Set(['latency_p50', 'latency_p95', 'asked', 'throughput', 'pressure', 'error_share']);
  const limited = [...plan.hypotheses, ...(plan.stop_if ?? [])].flatMap((one) => limitedBy(one, known) ?? []);
  return seriesAskedFor(plan, known)
    .filter(({ name }) => !shown.has(name))
    .slice(0, MOST_ASKED)
    .flatMap((named) => {
      const series = known.find(({ name }) => name === named.name);
      if (series === undefined) return [];
      const limits = limited.filter((one) => chartOf(one) === chartOf(named)).map((one) => chartLimit(one, series));
      const drawn = [{ series, of: named.of, name: (reading: Reading) => lineOf(reading) || series.name }];
      const title = describeSeries(named);
      return planned(chartOf(named), title, series.summary, UNITS[series.unit].axis, drawn, limits, []);
    });
}

function planned(
  id: string,
  title: string,
  note: string,
  unit: string,
  drawn: readonly Drawn[],
  limits: BoardChart['limits'],
  lines: readonly string[] = drawn.map(({ name }) => name({ value: 0 })),
): Planned {
  const every = Math.max(...drawn.map(({ series }) => series.everyMs), 0);
  const shown = limits.map(({ value, label }) => ({ value, label }));
  return { chart: { id, title, note, unit, limits: shown, lines, gap_s: (MISSING * every) / 1_000 }, drawn };
}
