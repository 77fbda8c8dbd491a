import type { LoadPlan } from './load.ts';
import type { Phase } from './phases.ts';
import type { TopologySpec } from './topology.ts';

export interface PlannedFault {
  /** "kill-1": name and position, unique in a run. */
  readonly id: string;
  readonly fault: string;
  /** Parsed by the fault's own schema. */
  readonly params: unknown;
  /** Milliseconds after the fault phase began. */
  readonly at: number;
  /** Milliseconds in force; undefined: until the fault phase ends. */
  readonly for: number | undefined;
}

export interface PlannedCheck {
  readonly check: string;
  readonly params: unknown;
  /** Where it stands in the experiment file, for reports: 1-based. */
  readonly line: number;
}

/** A check that ends the run before its time, with everything put back. */
export interface PlannedStop extends PlannedCheck {
  /** So long must it hold, milliseconds. */
  readonly for: number;
}

/** An experiment with every name resolved: plain data, it can be written down and run again. */
export interface Plan {
  readonly schema_version: 1;
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly seed: number;
  readonly topology: TopologySpec;
  readonly load: LoadPlan;
  /** Planned lengths in milliseconds; heal is the deadline for healing, the phase itself ends when the system is well. */
  readonly phases: Readonly<Record<Phase, number>>;
  readonly faults: readonly PlannedFault[];
  readonly hypotheses: readonly PlannedCheck[];
  /** Absent in records made before there were any. */
  readonly stop_if?: readonly PlannedStop[];
  /** Values given by `--set`, as written. */
  readonly overrides: readonly string[];
}

/** Beyond its phases a run may take so long for all that is none of them (start, resets, look-ups), milliseconds. */
const SLACK_MS = 300_000;

/** All phases, the heal phase up to its deadline, milliseconds. */
export const longestMs = ({ phases }: Pick<Plan, 'phases'>): number =>
  Object.values(phases).reduce((sum, ms) => sum + ms, 0);

/** After so long a run ends itself, whatever it is doing, milliseconds. */
export const capMs = (plan: Pick<Plan, 'phases'>): number => longestMs(plan) + SLACK_MS;

/** The phase with which a run of this plan ends: one without faults has nothing to heal or to recover from. */
export const lastPhase = ({ faults }: Pick<Plan, 'faults'>): Phase => (faults.length === 0 ? 'baseline' : 'recovery');

/** The same load over the same system, and nothing is broken: warm-up and baseline, with the hypotheses about the baseline. */
export const withoutFaults = (plan: Plan): Plan => ({
  ...plan,
  title: `Without faults: ${plan.title}`,
  faults: [],
  phases: { ...plan.phases, fault: 0, heal: 0, recovery: 0 },
  hypotheses: plan.hypotheses.flatMap((hypothesis) => {
    const { during } = hypothesis.params as { readonly during?: readonly Phase[] };
    if (during === undefined || !during.includes('baseline')) return [];
    return { ...hypothesis, params: { ...(hypothesis.params as object), during: ['baseline'] } };
  }),
});
