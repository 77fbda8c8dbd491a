import type { Check } from '../../core/kinds/check.ts';
import type { Invalidity } from '../../core/record/events.ts';
import type { History } from '../../core/record/history.ts';
import { violatedByBaseline } from '../evaluate.ts';

/**
 * A hypothesis must hold in the baseline, where there is no fault. The run checks this too before it injects a fault,
 * but it sees only the requests that have ended by then. This gate sees all requests, and it judges old records too.
 */
export const baselineGate = (history: History, checks: readonly Check[]): Invalidity[] =>
  violatedByBaseline(history, checks).map(({ name, expected, observed }) => ({
    code: 'CHAOS_BASELINE_OUTSIDE',
    message: `${name}: ${expected} did not hold even in the baseline, before any fault: ${observed}`,
  }));
