import type { ZodType } from 'zod';
import type { Clock } from './clock.ts';
import type { Observation, Observer } from './observation.ts';
import type { Random } from './random.ts';
import type { ContainerState, Requirement, Target, TopologySpec } from './topology.ts';
import type { Topology } from './topology-control.ts';
import type { UndoStep } from './undo.ts';

export type Efficacy = 'effective' | 'not effective' | 'inconclusive';

/** What a fault is told when it is to act. */
export interface FaultContext<P> {
  /** "latency-1": unique in a run, for the names of what it leaves in the world. */
  readonly id: string;
  readonly params: P;
  readonly topology: Topology;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Written and synced to disk before it resolves: await it BEFORE the step that it reverses. Rejects once the run is aborted. */
  readonly undo: (step: UndoStep) => Promise<void>;
  /** Goes on after `inject` has returned; the signal ends it when the fault is healed, and its end is waited for before the undo. */
  readonly meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
}

/** All that was seen of one injected fault, cut out of the record: evidence is judged from it alone. */
export interface FaultRecord {
  readonly id: string;
  readonly fault: string;
  readonly params: unknown;
  /** Names of what was hit: containers or a link. */
  readonly targets: readonly string[];
  /** Epoch milliseconds: decision, effect in force, undo begun, undone. */
  readonly injecting: number;
  readonly injected: number | undefined;
  readonly healing: number | undefined;
  readonly healed: number | undefined;
  readonly observations: readonly Observation[];
  readonly states: readonly ({ readonly t: number } & ContainerState)[];
}

export interface Evidence {
  readonly effective: Efficacy;
  /** One sentence with the measured figures. */
  readonly evidence: string;
}

/** One way to break things. One file under harness/faults/ is all that a new one needs. */
export interface Fault<P = unknown> {
  /** The key in an experiment file; the file's name with underscores. */
  readonly name: string;
  readonly summary: string;
  readonly params: ZodType<P>;
  /** What not every machine has: without it the run is NOT READY. */
  readonly requires?: readonly Requirement[];
  /** As one would write it in YAML. */
  readonly example: unknown;
  /** What is hit, for `plan` and for validation: names that do not exist are reported by these paths. */
  aims(params: P): {
    readonly link?: string;
    readonly target?: Target;
    /** Services or groups whose traffic with the target alone is meant; the key in YAML is `from`. */
    readonly from?: readonly string[];
  };
  /** What `plan` prints beside the fault. */
  undoes(params: P): string;
  /** Why the audit may see nothing of it while it is in force: what it does is over at once, or comes and goes. */
  readonly passes?: string;
  /** Who is asked from the consumer's side, from the baseline on. */
  observers(params: P, spec: TopologySpec): readonly Observer[];
  /** Acts, and names what it hit. */
  inject(ctx: FaultContext<P>): Promise<readonly string[]>;
  /** Pure. */
  prove(record: FaultRecord, params: P): Evidence;
}

export const defineFault = <P>(fault: Fault<P>): Fault<P> => fault;
