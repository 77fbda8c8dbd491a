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
  /** Values given by `--set`, as written. */
  readonly overrides: readonly string[];
}
