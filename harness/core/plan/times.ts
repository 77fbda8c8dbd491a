import { kindOf, type StepKind } from '../kinds/step.ts';
import type { Moment, StepTimes } from './moment.ts';
import type { PlannedStep } from './plan.ts';

const BEGINNING: Moment = { earliest: 0, latest: 0 };

/**
 * Returns when each step, and each step inside a step, begins and ends. The turn of `steps` comes when the fault phase
 * begins. In the map, a step comes after the steps inside it.
 */
export function timesOf(
  steps: readonly PlannedStep[],
  kinds: readonly StepKind[],
): ReadonlyMap<PlannedStep, StepTimes> {
  const times = new Map<PlannedStep, StepTimes>();
  const walk = (step: PlannedStep, turn: Moment): Moment => {
    const found = kindOf(step, kinds).times(step, turn, walk);
    times.set(step, found);
    return found.ends;
  };
  for (const step of steps) walk(step, BEGINNING);
  return times;
}
