import { describeCommand } from './command.ts';
import type { Condition, PlannedFault, PlannedStep, PlannedWait } from './plan.ts';

export const isFault = (step: PlannedStep): step is PlannedFault => 'fault' in step;
export const isWait = (step: PlannedStep): step is PlannedWait => 'wait' in step;

/** The steps that a step holds, in their order; none in a fault or a wait. */
function within(step: PlannedStep): readonly PlannedStep[] {
  if ('sequence' in step) return step.sequence;
  if ('parallel' in step) return step.parallel;
  return 'rounds' in step ? step.rounds : [];
}

/** Every fault of some steps, each round of a repeat for itself, in the order in which they are written. */
export const faultsOf = (steps: readonly PlannedStep[]): PlannedFault[] =>
  steps.flatMap((step) => (isFault(step) ? [step] : faultsOf(within(step))));

/** Milliseconds after the fault phase began: waits may hold at once, or only when their deadlines pass. */
interface Moment {
  readonly earliest: number;
  readonly latest: number;
}

export interface StepTimes {
  readonly begins: Moment;
  /** Of a fault that stays in force until its phase ends: when it begins, as for the steps after it. */
  readonly ends: Moment;
}

const BEGINNING: Moment = { earliest: 0, latest: 0 };
const later = ({ earliest, latest }: Moment, shortest: number, longest = shortest): Moment => ({
  earliest: earliest + shortest,
  latest: latest + longest,
});
const last = (a: Moment, b: Moment): Moment => ({
  earliest: Math.max(a.earliest, b.earliest),
  latest: Math.max(a.latest, b.latest),
});

/** When each fault and wait of some steps side by side begins and ends; what injecting and healing take is not counted. */
export function timesOf(steps: readonly PlannedStep[]): ReadonlyMap<PlannedStep, StepTimes> {
  const times = new Map<PlannedStep, StepTimes>();
  const walk = (step: PlannedStep, turn: Moment): Moment => {
    const at = (begins: Moment, ends: Moment): Moment => {
      times.set(step, { begins, ends });
      return ends;
    };
    if (isFault(step)) {
      const begins = later(turn, step.at);
      return at(begins, later(begins, step.for ?? 0));
    }
    if (isWait(step)) return at(turn, later(turn, 0, step.within));
    if ('sequence' in step)
      return at(
        turn,
        step.sequence.reduce((now, next) => walk(next, now), turn),
      );
    if ('parallel' in step) return at(turn, step.parallel.map((next) => walk(next, turn)).reduce(last, turn));
    let ended = turn;
    step.rounds.forEach((round, i) => {
      ended = walk(round, last(ended, later(turn, i * step.every)));
    });
    return at(turn, ended);
  };
  for (const step of steps) walk(step, BEGINNING);
  return times;
}

/** "one of postgres becomes primary", "GET /health answers 200". */
export function describeCondition(condition: Condition): string {
  if ('role' in condition) {
    const { of, becomes } = condition.role;
    return becomes === 'unknown' ? `one of ${of} no longer answers` : `one of ${of} becomes ${becomes}`;
  }
  if ('http' in condition) return `GET ${condition.http.path} answers ${condition.http.status}`;
  if ('sql' in condition) return `"${condition.sql.query}" answers ${condition.sql.equals} on the primary`;
  const { service, replica, run } = condition.command;
  return `${describeCommand({ in: `${service} ${replica}`, run })} succeeds`;
}
