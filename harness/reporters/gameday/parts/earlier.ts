import type { GamedayDocument, InjectInDocument } from '../../../core/gameday/document.ts';
import { type Mark, MARKS } from '../../../core/gameday/times.ts';
import { type Content, markup, type Markup } from '../../html/markup.ts';
import { table } from '../../html/tables.ts';
import { NONE } from '../../wording/figures.ts';
import { MARK_NAMES } from '../../wording/gameday.ts';

/** More columns than this do not fit beside the present day. */
const MOST_DAYS = 5;

const cameSeconds = (inject: InjectInDocument, mark: Mark): number | null =>
  ({
    alert: inject.first_alert_s,
    seen: inject.first_ack_s,
    understood: inject.understood_s,
    mitigated: inject.mitigated_s,
    healthy: inject.healthy_s,
  })[mark];

interface Compared {
  readonly inject: string;
  readonly mark: Mark;
  /** Seconds, the oldest day first, the present day last. Null: it did not happen, or was not tried. */
  readonly values: readonly (number | null)[];
}

/** Returns detection and response of each inject of today on each day, where an earlier day has tried the same. */
export function comparedDays(today: GamedayDocument, earlier: readonly GamedayDocument[]): readonly Compared[] {
  const days = [...earlier.slice(-MOST_DAYS), today];
  return today.injects.flatMap(({ name }) =>
    MARKS.flatMap((mark) => {
      const values = days.map((day) => {
        const inject = day.injects.find((one) => one.name === name);
        return inject === undefined ? null : cameSeconds(inject, mark);
      });
      return values.slice(0, -1).some((value) => value !== null) ? [{ inject: name, mark, values }] : [];
    }),
  );
}

/** Undefined when no earlier game day tried any inject of today. */
export function earlierTable(today: GamedayDocument, earlier: readonly GamedayDocument[]): Markup | undefined {
  const rows = comparedDays(today, earlier);
  if (rows.length === 0) return undefined;
  const days = [...earlier.slice(-MOST_DAYS).map(({ started }) => started.slice(0, 10)), 'today'];
  return table(
    'Detection and response on each game day',
    [
      { name: 'Inject' },
      { name: 'Moment' },
      ...days.map((name) => ({ name, number: true })),
      { name: 'Change', number: true },
    ],
    rows.map(({ inject, mark, values }): Content[] => [
      inject,
      MARK_NAMES[mark],
      ...values.map((value) => (value === null ? NONE : `${value.toFixed(1)} s`)),
      change(values),
    ]),
  );
}

/** The change since the last day that has a value. */
function change(values: readonly (number | null)[]): Content {
  const now = values.at(-1) ?? null;
  const before = values.slice(0, -1).findLast((value) => value !== null) ?? null;
  if (before === null) return '';
  if (now === null) return markup`<span class="result is-fail">did not come</span>`;
  const by = now - before;
  const text = `${by > 0 ? '+' : by < 0 ? '−' : ''}${Math.abs(by).toFixed(1)} s`;
  if (Math.abs(by) < 1) return text;
  return markup`<span class="result ${by < 0 ? 'is-pass' : 'is-fail'}">${text}</span>`;
}
