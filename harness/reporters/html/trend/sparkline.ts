import { UNITS } from '../../../core/units.ts';
import type { TrendSeries } from '../../../core/trend/trend.ts';
import { markup, type Markup } from '../markup.ts';
import { changeInWords, isWorse } from '../../wording/trend.ts';

const [WIDTH, HEIGHT, EDGE] = [320, 44, 5];
const rounded = (value: number): number => Number(value.toFixed(1));

/** Returns the figures of a series as a line, with a mark at each change. The axis begins at the lowest value. */
export function sparklineSvg(series: TrendSeries): Markup {
  const { points, changes, name, unit } = series;
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (i: number): number => rounded(EDGE + (i / Math.max(1, points.length - 1)) * (WIDTH - 2 * EDGE));
  const y = (value: number): number =>
    rounded(HEIGHT - EDGE - (most === least ? 0.5 : (value - least) / (most - least)) * (HEIGHT - 2 * EDGE));
  const label = `${name}: ${points.length} runs, ${UNITS[unit].text(least)} to ${UNITS[unit].text(most)}`;
  const places = new Map(points.map(({ run }, i) => [run, i]));
  const marks = changes.map((change) => {
    const at = x(places.get(change.run) ?? 0);
    const worse = isWorse(change, series);
    const tone = change.confirmed === false || worse === undefined ? 'calm' : worse ? 'bad' : 'good';
    return markup`<line class="change is-${tone}" x1="${at}" x2="${at}" y1="0" y2="${HEIGHT}"><title>${changeInWords(change, series)} since ${change.run}</title></line>`;
  });
  const last = values.at(-1);
  return markup`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><title>${label}</title>${marks}<polyline points="${values.map((value, i) => `${x(i)},${y(value)}`).join(' ')}"/>${last !== undefined && markup`<circle cx="${x(values.length - 1)}" cy="${y(last)}" r="3"/>`}</svg>`;
}
