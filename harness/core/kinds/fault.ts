import type { ZodType } from 'zod';
import type { Clock } from '../clock.ts';
import type { Mismatch } from '../plan/mismatch.ts';
import type { DeployNews } from '../record/deploy.ts';
import type { Observation, Observer } from '../record/observation.ts';
import type { Random } from '../random.ts';
import type { ContainerState } from '../topology/state.ts';
import type { Requirement } from '../topology/capability.ts';
import type { Target } from '../topology/aim.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Topology } from '../topology/control.ts';
import type { Held, Hold } from '../topology/hold.ts';
import type { UndoStep } from '../topology/undo.ts';

export type Efficacy = 'effective' | 'not effective' | 'inconclusive';

/** What a fault gets when it acts. */
export interface FaultContext {
  /** "latency-1": unique in a run. The fault uses it in the names of everything that it leaves in the topology. */
  readonly id: string;
  /** From the moment that the fault is over, every call is refused. */
  readonly topology: Topology;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /**
   * Resolves when the undo step is written and synced to disk. Await it BEFORE the act that the step reverses. Rejects
   * when the fault is over. It is for what has a name of its own, which no other fault uses: a toxic, a rule, a process.
   */
  readonly undo: (step: UndoStep) => Promise<void>;
  /**
   * Changes a property that has one value at a time. The undo is written to disk before. While several faults hold the
   * property, the value of the youngest fault is in force. When the last of them is healed, the value from before the
   * run's first fault comes back. Throws CHAOS_FAULTS_CLASH when another fault keeps the place from running.
   */
  readonly hold: (hold: Hold) => Promise<Held>;
  /** Records what the fault itself did step by step. A proof never reads it. */
  readonly tell: (news: DeployNews) => void;
  /**
   * Starts work that goes on after `inject` has returned. Healing aborts the signal, and the undo waits until the work
   * has ended.
   */
  readonly meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
}

/** Everything that the record holds about one injected fault. Evidence is judged from this alone. */
export interface FaultRecord {
  readonly id: string;
  readonly fault: string;
  readonly params: unknown;
  /** The names of the containers that were hit, or of the link. */
  readonly targets: readonly string[];
  /** Epoch milliseconds at which the injection begins. */
  readonly injecting: number;
  /** Epoch milliseconds at which the fault is in force. */
  readonly injected: number | undefined;
  /** Epoch milliseconds at which the undo begins. */
  readonly healing: number | undefined;
  /** Epoch milliseconds at which the undo has ended. */
  readonly healed: number | undefined;
  /** The observers of this fault. */
  readonly observers: readonly Observer[];
  readonly observations: readonly Observation[];
  readonly states: readonly ({ readonly t: number } & ContainerState)[];
}

export interface Evidence {
  readonly effective: Efficacy;
  /** One sentence with the measured figures. */
  readonly evidence: string;
}

/**
 * What a fault is aimed at, for `plan` and for validation. Validation reports a name that does not exist under these
 * keys.
 */
export interface Aims {
  readonly link?: string;
  readonly target?: Target;
  /** Services or groups. The fault hits only their traffic with the target. The key in YAML is `from`. */
  readonly from?: readonly string[];
}

/** What does not depend on a fault's parameters. */
interface FaultKind {
  /** The key in an experiment file. It is the name of the fault's file, with underscores. */
  readonly name: string;
  readonly summary: string;
  /**
   * What the fault needs, and not every topology or machine has. Without a capability the experiment is refused
   * (CHAOS_LACKS). Without a feature of the machine the run is NOT READY. The capability `containers` is not named,
   * because every fault needs it.
   */
  readonly requires?: readonly Requirement[];
  /** An example of the parameters as an experiment file has them. */
  readonly example: unknown;
  /**
   * Why the audit for residue may find nothing while the fault is in force: its effect is over at once, or comes and
   * goes.
   */
  readonly passes?: string;
  /**
   * The state of the fault's target containers while the fault is in force. 'down': stopped or paused. 'gone': removed.
   * Absent when they run. A fault cannot begin in a container that does not run.
   */
  readonly keeps?: 'down' | 'gone';
}

/** A parameter that does not fit the topology. */
interface FaultMismatch extends Omit<Mismatch, 'path' | 'beside'> {
  /** The key of the parameter. */
  readonly key: string;
}

/** A fault as its author writes it. One file under harness/faults/. */
export interface FaultDefinition<P> extends FaultKind {
  readonly params: ZodType<P>;
  aims(params: P): Aims;
  /** Returns what `plan` prints beside the fault: how it is undone. */
  undoes(params: P): string;
  /** Returns what else no schema finds: parameters that do not fit the topology. The names in `aims` exist. */
  mismatches?(params: P, spec: TopologySpec): readonly FaultMismatch[];
  /** Returns the observers that ask from the consumer's side, from the baseline on. */
  observers(params: P, spec: TopologySpec): readonly Observer[];
  /** Acts. Resolves with the names of what it hit. */
  inject(ctx: FaultContext & { readonly params: P }): Promise<readonly string[]>;
  /** Says from the record whether the fault bit. Pure. */
  prove(record: FaultRecord, params: P): Evidence;
}

/** A fault together with its parameters. */
export interface BoundFault {
  readonly name: string;
  readonly requires?: readonly Requirement[] | undefined;
  readonly aims: Aims;
  readonly keeps?: 'down' | 'gone' | undefined;
  readonly undoes: string;
  mismatches(spec: TopologySpec): readonly FaultMismatch[];
  observers(spec: TopologySpec): readonly Observer[];
  inject(ctx: FaultContext): Promise<readonly string[]>;
  prove(record: FaultRecord): Evidence;
}

/** A fault as the catalogue lists it. */
export interface Fault extends FaultKind {
  readonly params: ZodType;
  /** `params` are the values that the schema made from the experiment file, or the same values read from a record. */
  bind(params: unknown): BoundFault;
}

export const defineFault = <P>(fault: FaultDefinition<P>): FaultDefinition<P> & Fault => ({
  ...fault,
  bind: (params) => boundTo(fault, params as P),
});

const boundTo = <P>(fault: FaultDefinition<P>, params: P): BoundFault => ({
  name: fault.name,
  requires: fault.requires,
  aims: fault.aims(params),
  keeps: fault.keeps,
  undoes: fault.undoes(params),
  mismatches: (spec) => fault.mismatches?.(params, spec) ?? [],
  observers: (spec) => fault.observers(params, spec),
  inject: (ctx) => fault.inject({ ...ctx, params }),
  prove: (record) => fault.prove(record, params),
});

/**
 * Returns the fault of a step or a record with its parameters; undefined when this version has no fault of this name.
 */
export const boundFault = (
  catalogue: readonly Fault[],
  { fault: name, params }: { readonly fault: string; readonly params: unknown },
): BoundFault | undefined => catalogue.find((fault) => fault.name === name)?.bind(params);
