import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { type Phase, PHASES } from '../../core/plan/phases.ts';
import { lastPhase } from '../../core/plan/plan.ts';
import { allSteps } from '../../core/plan/steps.ts';
import { missing } from './missing.ts';

/**
 * Gate: everything that the plan asks for must have its beginning and its end in the record: each phase, each fault
 * that came into force, each wait and mark, each decision of a controller.
 */
export const passedGate = (history: History): Invalidity[] =>
  [...phases(history), ...faults(history), ...steps(history), ...decisions(history)].map(missing);

function phases(history: History): string[] {
  const planned = PHASES.slice(0, PHASES.indexOf(lastPhase(history.plan)) + 1);
  const times = (kind: 'phase.started' | 'phase.ended', phase: Phase): number =>
    eventsOf(history, kind).filter((event) => event.phase === phase).length;
  return planned.flatMap((phase) => {
    const [begins, ends] = [times('phase.started', phase), times('phase.ended', phase)];
    return begins === 1 && ends === 1 ? [] : [`the ${phase} phase begins ${begins} times and ends ${ends} times`];
  });
}

function faults({ faults }: History): string[] {
  return faults
    .filter(
      ({ injected, healing, healed }) => injected !== undefined && (healing === undefined || healed === undefined),
    )
    .map(
      ({ id, healing }) =>
        `${id} was injected, and nothing says that it ${healing === undefined ? 'was taken back' : 'healed'}`,
    );
}

/** A step of the plan that is no fault and has an id says when it ended. */
function steps(history: History): string[] {
  const ended = new Set(eventsOf(history, 'step.ended').map(({ id }) => id));
  return allSteps(history.plan.faults).flatMap((step) => {
    if (!('id' in step) || typeof step.id !== 'string' || 'fault' in step || ended.has(step.id)) return [];
    return [`nothing says how ${step.id} ended`];
  });
}

/** Each decision of a controller needs a change of the same service from and to the same numbers, and each change needs
 * its decision. */
function decisions(history: History): string[] {
  const decided = eventsOf(history, 'decided').map(({ service, from, to }) => `${service} from ${from} to ${to}`);
  const scaled = eventsOf(history, 'scaled').map(({ group, from, to }) => `${group} from ${from} to ${to}`);
  const without = (some: readonly string[], others: readonly string[]): string[] => {
    const left = [...others];
    return some.filter((one) => {
      const at = left.indexOf(one);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  };
  return [
    ...without(decided, scaled).map((change) => `a controller decided ${change}, and nothing says that it was done`),
    ...without(scaled, decided).map((change) => `somebody scaled ${change}, and no decision says why`),
  ];
}
