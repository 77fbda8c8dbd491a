import { readFileSync } from 'node:fs';
import type { Demand } from '../../core/capacity/forecast.ts';
import { ChaosError } from '../../core/errors.ts';

const DATE = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/;

/**
 * Reads a history of demand: CSV with a date (ISO 8601, UTC) and a number in each line. The first line may name the columns;
 * further columns are passed over. `named`: the path as the user gave it. Throws CHAOS_HISTORY with the line of the first
 * mistake.
 */
export function readHistory(path: string, named: string): readonly Demand[] {
  const bad = (what: string, line?: number, cause?: unknown): ChaosError =>
    new ChaosError('CHAOS_HISTORY', {
      what,
      hint: 'Write a line for each time: 2026-06-06,278 - a date and what was asked for at most, with a point in numbers.',
      exit: 'bad-input',
      file: named,
      line,
      cause,
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw bad(`${named} cannot be read`, undefined, cause);
  }
  const history: Demand[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [date = '', value = ''] = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const t = DATE.test(date) ? Date.parse(date) : NaN;
    const number = value === '' ? NaN : Number(value);
    if (i === 0 && Number.isNaN(t) && Number.isNaN(number)) continue;
    if (Number.isNaN(t)) throw bad(`"${date}" is no date`, i + 1);
    if (!Number.isFinite(number)) throw bad(`"${value}" is no number`, i + 1);
    if (history.some((point) => point.t === t)) throw bad(`${date} is there twice`, i + 1);
    history.push({ t, value: number });
  }
  return history;
}
