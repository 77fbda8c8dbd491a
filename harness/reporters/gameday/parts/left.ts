import type { GamedayDocument } from '../../../core/gameday/document.ts';
import type { GamedayState } from '../../../core/gameday/state.ts';
import type { Markup } from '../../html/markup.ts';
import { table } from '../../html/tables.ts';
import { injectName } from '../../wording/describe-gameday.ts';

/** What was on the agenda and was not tried, with the reason. Undefined when everything was tried. */
export const notRunTable = ({ not_run: left }: GamedayDocument): Markup | undefined =>
  left.length === 0
    ? undefined
    : table(
        'What was not tried, and why',
        [{ name: 'Inject' }, { name: 'Reason' }],
        left.map(({ name, reason }) => [name, reason]),
      );

/** What earlier game days found, and how the inject that tries it again went. Undefined when there was nothing. */
export const retestTable = ({ day, injects }: GamedayState): Markup | undefined =>
  day.retests.length === 0
    ? undefined
    : table(
        'Findings of earlier game days',
        [{ name: 'Finding' }, { name: 'Found' }, { name: 'Tried again by' }, { name: 'Result' }],
        day.retests.map(({ what, from, inject }) => [
          what,
          from,
          injectName(day, inject),
          injects.find(({ plan }) => plan.id === inject)?.verdict ?? 'not tried',
        ]),
      );
