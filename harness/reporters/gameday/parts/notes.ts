import type { GamedayRead } from '../../../core/gameday/reporter.ts';
import { markup, type Markup } from '../../html/markup.ts';
import { table } from '../../html/tables.ts';
import type { Timeline } from '../../html/charts/timeline.ts';
import { dayTime } from '../../wording/day-time.ts';
import { numberedNotes } from '../timeline.ts';

/** Every note by the number that it has on the charts. Undefined when nobody noted anything. */
export function noteTable(day: GamedayRead, { origin }: Timeline): Markup | undefined {
  const notes = numberedNotes(day);
  if (notes.length === 0) return undefined;
  return table(
    'Notes of the day',
    [{ name: 'Number' }, { name: 'At', number: true }, { name: 'Kind' }, { name: 'Note' }, { name: 'Who' }],
    notes.map(({ number, at, tag, text, by }) => [
      String(number),
      dayTime(at, origin),
      tag,
      text ?? markup`<i>nobody wrote a text</i>`,
      by?.who ?? '',
    ]),
  );
}
