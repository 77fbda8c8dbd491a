import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History, windowOf } from '../../core/record/history.ts';
import { JUDGED_PHASES } from '../../core/plan/phases.ts';
import { askedWithin } from '../../core/record/traffic.ts';
import { loadGates } from './load.ts';

/** Gate: the load of a run must have been offered as planned in the judged phases. */
export function loadOfRunGate(history: History): Invalidity[] {
  const spans = JUDGED_PHASES.flatMap((phase) => windowOf(history, phase) ?? []);
  return loadGates({
    requests: history.requests,
    spans,
    expected: askedWithin(history, spans),
    process: history.plan.load.arrivals.process,
    utilisation: eventsOf(history, 'load.ended')[0]?.totals.utilisation,
  });
}
