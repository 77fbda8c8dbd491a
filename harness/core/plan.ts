import type { LoadPlan } from './load/load.ts';
import type { Phase } from './phases.ts';
import type { Role, TopologySpec } from './topology.ts';

/** One fault, and when: "after its turn" is after its list began, or in a sequence after the step before it ended. */
export interface PlannedFault {
  /** "kill-1": name and position, unique in a run; "kill-1.3" in the third round of a repeat. */
  readonly id: string;
  readonly fault: string;
  /** Parsed by the fault's own schema. */
  readonly params: unknown;
  /** Milliseconds after its turn. */
  readonly at: number;
  /** Milliseconds in force; undefined: until the fault phase ends. */
  readonly for: number | undefined;
  /** The other steps go on when it cannot be injected. */
  readonly continueOnFailure?: true;
}

/** What a wait waits for. */
export type Condition =
  /** A member of this group, or this member, takes the role; 'unknown': it no longer answers. */
  | { readonly role: { readonly of: string; readonly becomes: Role | 'unknown' } }
  /** This path of the topology's entry answers so. */
  | { readonly http: { readonly path: string; readonly status: number } }
  /** The first value of the first row, as text, on the primary. */
  | { readonly sql: { readonly query: string; readonly equals: string } }
  /** It ends with 0, in that replica's container (1-based). */
  | { readonly command: { readonly service: string; readonly replica: number; readonly run: readonly string[] } };

export interface PlannedWait {
  /** "wait-1", as those of faults. */
  readonly id: string;
  readonly wait: Condition;
  /** Milliseconds from its turn. */
  readonly within: number;
  /** The steps after it are taken when the deadline has passed; without it the run proves nothing then. */
  readonly continueOnFailure?: true;
}

/** What the fault phase does. A fault without `for` is a step that ends when it is in force. */
export type PlannedStep =
  | PlannedFault
  | PlannedWait
  /** Each when the one before it has ended. */
  | { readonly sequence: readonly PlannedStep[] }
  /** All at once; ends with the last of them. */
  | { readonly parallel: readonly PlannedStep[] }
  /** One after another, each no sooner than `every` milliseconds after the one before it began. */
  | { readonly rounds: readonly PlannedStep[]; readonly every: number };

export interface PlannedCheck {
  readonly check: string;
  readonly params: unknown;
  /** Where it stands in the experiment file, for reports: 1-based. */
  readonly line: number;
}

/** A check or a metric (`check` is its name) that ends the run before its time, with everything put back. */
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
  /** Side by side. */
  readonly faults: readonly PlannedStep[];
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
