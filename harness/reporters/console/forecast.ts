import type { Forecast } from '../../core/capacity/forecast.ts';
import { isRefusal, type Refusal } from '../../core/capacity/refusal.ts';
import { iso } from '../../core/clock.ts';

const day = (t: number): string => iso(t).slice(0, 10);

/** Returns when the margin ends, or why nobody can say. */
export function renderForecast(found: Forecast | Refusal): string {
  if (isRefusal(found)) return `refused: ${found.message}\n`;
  const { growth, perDay, first, last, expected, confidence, until, margin } = found;
  const later = `later than ${day(until)}`;
  const rise = growth === 'linear' ? `${perDay.toPrecision(3)} a day` : `${(100 * perDay).toPrecision(3)} % a day`;
  return [
    `The margin ends between ${day(first)} and ${last === undefined ? later : day(last)}, with ${100 * confidence} % probability.`,
    `Expected: ${expected === undefined ? later : day(expected)}. Growth fits ${growth === 'linear' ? 'a line' : 'an exponential'} best: ${rise}. The capacity is ${margin.toPrecision(3)} times what growth has reached.`,
    '',
  ].join('\n');
}
