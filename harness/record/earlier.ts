import type { RunEvent, StepEnd } from '../core/record/events.ts';
import { formatDuration } from '../core/duration.ts';
import type { Plan, PlannedCheck } from '../core/plan/plan.ts';

/** The events of a wait as earlier versions recorded them. */
type Earlier = { readonly t: number; readonly id: string } & (
  | { readonly kind: 'wait.started'; readonly wait: unknown; readonly within_ms: number }
  | {
      readonly kind: 'wait.ended';
      readonly outcome: 'held' | 'late' | 'cut short';
      readonly saw: string;
      readonly optional: boolean;
    }
);

const isEarlier = (event: RunEvent | Earlier): event is Earlier =>
  event.kind === 'wait.started' || event.kind === 'wait.ended';

/** Returns events as this version records them. An earlier version recorded the condition of a wait as data and not in
 * words. */
export const asRecordedNow = (events: readonly (RunEvent | Earlier)[]): RunEvent[] =>
  events.map((event): RunEvent => {
    if (event.kind === 'run.started') return { ...event, plan: withOneWord(event.plan) };
    if (!isEarlier(event)) return event;
    const { t, id } = event;
    if (event.kind === 'wait.started') {
      const text = `waiting for ${JSON.stringify(event.wait)}, ${formatDuration(event.within_ms)} at most`;
      return { t, kind: 'step.began', id, step: 'wait', text };
    }
    const { outcome, saw, optional } = event;
    const [now, text] = ENDS[outcome];
    return { t, kind: 'step.ended', id, step: 'wait', outcome: now, optional, text: `${text} (last seen: ${saw})` };
  });

/** Returns a plan in which each failover check has the key `service`. In earlier versions this key was `of`. */
const withOneWord = (plan: Plan): Plan => ({
  ...plan,
  hypotheses: plan.hypotheses.map(ofService),
  ...(plan.stop_if === undefined ? {} : { stop_if: plan.stop_if.map(ofService) }),
});

function ofService<P extends PlannedCheck>(planned: P): P {
  if (planned.check !== 'failover') return planned;
  const { of, ...params } = planned.params as { readonly of?: string };
  return of === undefined ? planned : { ...planned, params: { ...params, service: of } };
}

const ENDS: Readonly<Record<'held' | 'late' | 'cut short', readonly [StepEnd['outcome'], string]>> = {
  held: ['done', 'the condition holds'],
  late: ['late', 'waited for a condition that was not seen in time'],
  'cut short': ['cut short', 'waited for a condition that was not seen before the fault phase ended'],
};
