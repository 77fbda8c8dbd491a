import type { LoadPlan } from '../load/load.ts';
import type { Phase } from './phases.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Unit } from '../units.ts';

/** A fault and its time. Its turn comes when its list begins, or in a sequence when the step before it has ended. */
export interface PlannedFault {
  /** Unique in a run. "kill-1" is name and position; "kill-1.3" is the same in the third round of a repeat. */
  readonly id: string;
  readonly fault: string;
  /** Values that the fault's own schema has parsed. */
  readonly params: unknown;
  /** Milliseconds from the fault's turn to its injection. */
  readonly at: number;
  /** Milliseconds in force; undefined means until the fault phase ends. */
  readonly for: number | undefined;
  /** The other steps go on when the fault cannot be injected. */
  readonly continueOnFailure?: true;
}

/**
 * A step of the fault phase. Plain data. Its keys say which kind of step it is (core/kinds/step.ts). A step that holds
 * other steps has them in lists at its top, so that every fault can be found without knowing the kinds.
 */
export type PlannedStep = object;

export interface PlannedCheck {
  readonly check: string;
  readonly params: unknown;
  /** The line of the check in the experiment file, 1-based. Reports show it. */
  readonly line: number;
}

/**
 * A stop condition: a check that ends the run early. Everything is put back then. In old records `check` may be the
 * name of a series. Then `params` are the keys `of`, `above` and `below`.
 */
export interface PlannedStop extends PlannedCheck {
  /** The condition must hold for this many milliseconds. */
  readonly for: number;
}

/** A series as an experiment names it. */
export interface NamedSeries {
  readonly name: string;
  /** Whose figure it is. Absent when the series is one figure, and in a chart of every line. */
  readonly of?: string | undefined;
  /** The unit of its readings, for a series that may have any. Absent for every other series. */
  readonly unit?: Unit | undefined;
}

/** A controller of the run, with its parameters. */
export interface PlannedController {
  /** "hold-1": unique in a run. */
  readonly id: string;
  readonly controller: string;
  readonly params: unknown;
}

/** An experiment with every name resolved. Plain data: it can be stored and run again. */
export interface Plan {
  readonly schema_version: 1;
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly seed: number;
  readonly topology: TopologySpec;
  readonly load: LoadPlan;
  /**
   * Planned lengths, milliseconds. For the heal phase it is the deadline: the phase ends when the system is healthy.
   */
  readonly phases: Readonly<Record<Phase, number>>;
  /** The turn of each of these steps comes when the fault phase begins. */
  readonly faults: readonly PlannedStep[];
  readonly hypotheses: readonly PlannedCheck[];
  /** Absent in old records, which had no stop conditions. */
  readonly stop_if?: readonly PlannedStop[];
  /** The series that the report draws beside those of the hypotheses and stop conditions. Absent in old records. */
  readonly charts?: readonly NamedSeries[];
  /** What changes the number of containers while the run goes on. Absent in old records. */
  readonly controllers?: readonly PlannedController[];
  /** The values of `--set`, as written. */
  readonly overrides: readonly string[];
}

/** What a run may take beside its phases (start, resets, audits), milliseconds. */
const SLACK_MS = 300_000;

/** Returns the length of all phases, the heal phase up to its deadline. Milliseconds. */
export const longestMs = ({ phases }: Pick<Plan, 'phases'>): number =>
  Object.values(phases).reduce((sum, ms) => sum + ms, 0);

/** Returns the length after which a run ends itself, whatever it is doing. Milliseconds. */
export const capMs = (plan: Pick<Plan, 'phases'>): number => longestMs(plan) + SLACK_MS;

/** Whether a plan changes the system: by faults, or by controllers. */
export const changesSystem = ({ faults, controllers = [] }: Pick<Plan, 'faults' | 'controllers'>): boolean =>
  faults.length + controllers.length > 0;

/** Returns the last phase of a run. A plan that changes nothing ends with the baseline: it has nothing to heal. */
export const lastPhase = (plan: Pick<Plan, 'faults' | 'controllers'>): Phase =>
  changesSystem(plan) ? 'recovery' : 'baseline';

/** Returns the plan with its warm-up and baseline only: no faults and no controllers, and only the hypotheses about the baseline. */
export const withoutFaults = (plan: Plan): Plan => ({
  ...plan,
  title: `Without faults: ${plan.title}`,
  faults: [],
  controllers: [],
  phases: { ...plan.phases, fault: 0, heal: 0, recovery: 0 },
  hypotheses: plan.hypotheses.flatMap((hypothesis) => {
    const { during } = hypothesis.params as { readonly during?: readonly Phase[] };
    if (during === undefined || !during.includes('baseline')) return [];
    return { ...hypothesis, params: { ...(hypothesis.params as object), during: ['baseline'] } };
  }),
});
