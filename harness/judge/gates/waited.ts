import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';

/**
 * Gate: every wait must have ended because its condition was true, and every other step because it was done. Otherwise
 * the run did not try the steps after it.
 */
export const waitedGate = (history: History): Invalidity[] =>
  eventsOf(history, 'step.ended')
    .filter(({ outcome, optional }) => outcome !== 'done' && optional !== true)
    .map(({ id, text }) => ({ code: 'CHAOS_WAIT_DEADLINE', message: `${id} ${text}` }));
