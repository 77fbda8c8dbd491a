import { isRefusal } from '../../../harness/core/capacity/refusal.ts';
import { median } from '../../../harness/core/stats.ts';
import { foretold, holdsDate } from '../../helpers/histories.ts';
import { row } from '../figures.ts';

const WEEK_MS = 7 * 86_400_000;

/** Forecasts made-up histories, and says how often the dates hold the true one. */
export function forecastTable(histories: number): string {
  const all = Array.from({ length: histories }, (_, i) => foretold(i + 1));
  const told = all.filter(({ found }) => !isRefusal(found));
  const held = told.filter((one) => holdsDate(one) === true).length;
  const weeks = told.flatMap(({ found }) =>
    isRefusal(found) || found.last === undefined ? [] : [(found.last - found.first) / WEEK_MS],
  );
  return [
    row('made-up histories', 'refused', 'dates hold the true one', 'median weeks from first to last'),
    row('--:', '--:', '--:', '--:'),
    row(
      String(histories),
      String(histories - told.length),
      `${held} of ${told.length} (${((100 * held) / told.length).toFixed(1)} %)`,
      (median(weeks) ?? NaN).toFixed(1),
    ),
  ].join('\n');
}
