import { UNITS } from '../../core/units.ts';
import type { TrendDocument, TrendSeries } from '../../core/trend/trend.ts';
import type { TextSink } from '../../core/world.ts';
import { plural } from '../wording/figures.ts';
import { changeInWords, confirmedInWords, isWorse, signOf } from '../wording/trend.ts';
import { paint } from './paint.ts';

const BARS = '▁▂▃▄▅▆▇█';
/** A line shows the last so many runs. */
const SHOWN = 40;

/** Returns a bar for each value, between the lowest and the highest of all. Equal values are all in the middle. */
export function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value) =>
      BARS.charAt(most === least ? 3 : Math.round(((value - least) / (most - least)) * (BARS.length - 1))),
    )
    .join('');
}

const STYLES: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  PASS: 'green',
  FAIL: 'red',
  INCONCLUSIVE: 'yellow',
};

/** Returns verdicts by run, a sparkline for each figure, and the changes, for each experiment. */
export function renderTrend({ experiments, series }: TrendDocument, sink: TextSink): string {
  return experiments
    .flatMap(({ experiment, title, runs, checks }) => {
      const own = series.filter((one) => one.experiment === experiment);
      const names = [...checks, ...own].map(({ name }) => name);
      const width = Math.max(...names.map((name) => name.length), 'verdicts'.length);
      const signs = (verdicts: readonly { readonly verdict: string }[]): string =>
        verdicts
          .slice(-SHOWN)
          .map(({ verdict }) => paint(sink, STYLES[verdict] ?? 'dim', signOf(verdict)))
          .join('');
      return [
        `${paint(sink, 'bold', experiment)}  ${title}  (${plural(runs.length, 'run')}, the newest last)`,
        `  ${'verdicts'.padEnd(width)}  ${signs(runs)}`,
        ...checks.map(({ name, verdicts }) => `  ${name.padEnd(width)}  ${signs(verdicts)}`),
        ...own.flatMap((one) => figureLines(one, width, sink)),
        '',
      ];
    })
    .join('\n');
}

function figureLines(series: TrendSeries, width: number, sink: TextSink): string[] {
  const values = series.points.map(({ value }) => value);
  const last = values.at(-1);
  const line = `  ${series.name.padEnd(width)}  ${sparkline(values.slice(-SHOWN))} ${last === undefined ? '' : UNITS[series.unit].text(last)}`;
  return [
    line,
    ...series.changes.map((change) => {
      const worse = isWorse(change, series);
      const style = worse === undefined || change.confirmed === false ? 'dim' : worse ? 'red' : 'green';
      const text = `↳ ${changeInWords(change, series)} since ${change.run}, ${confirmedInWords(change)}`;
      return `  ${''.padEnd(width)}  ${paint(sink, style, text)}`;
    }),
  ];
}
