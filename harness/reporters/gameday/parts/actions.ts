import type { GamedayDocument } from '../../../core/gameday/document.ts';
import { markup, type Markup } from '../../html/markup.ts';
import { table } from '../../html/tables.ts';

/** What follows from the day: who does it until when, and the experiment that will show that it is done. */
export function actionTable({ actions }: Pick<GamedayDocument, 'actions'>): Markup {
  if (actions.length === 0) return markup`<p class="empty">Nobody wrote an action down.</p>`;
  return table(
    'Actions',
    [{ name: 'Action' }, { name: 'Owner' }, { name: 'Due' }, { name: 'Will be shown by' }],
    actions.map(({ what, owner, due, experiment }) => [
      what,
      owner,
      due,
      experiment === null ? markup`<i>no experiment shows it</i>` : markup`<code>${experiment}</code>`,
    ]),
  );
}
