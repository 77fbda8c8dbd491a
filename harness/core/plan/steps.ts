import type { PlannedFault, PlannedStep } from './plan.ts';

/** The most rounds that a repeat may make. Within another repeat, the rounds of both are multiplied. */
export const MOST_ROUNDS = 100;

const isFault = (step: PlannedStep): step is PlannedFault => 'fault' in step;

const isStep = (value: unknown): value is PlannedStep => typeof value === 'object' && value !== null;

/** Returns the steps inside a step, in their order. A fault has none. */
const within = (step: PlannedStep): readonly PlannedStep[] =>
  Object.values(step).flatMap((value: unknown) => (Array.isArray(value) ? value.filter(isStep) : []));

/** Returns every step and every step inside it, in their order. */
export const allSteps = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.flatMap((step) => [step, ...allSteps(within(step))]);

/** Returns every fault of the steps in the order of the file. Each round of a repeat has its own faults. */
export const faultsOf = (steps: readonly PlannedStep[]): PlannedFault[] => allSteps(steps).filter(isFault);
