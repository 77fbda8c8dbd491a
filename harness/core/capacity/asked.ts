import type { Certificate, Targets } from '../certificate/statements.ts';
import type { Workload } from '../load/load.ts';
import type { Objective } from './step.ts';

/** A condition under which the capacity is measured: "full", or something is gone. */
export interface AskedCell {
  readonly condition: string;
  /** What is done to the system, for people: "kill of app". Empty under the full condition. */
  readonly faults: string;
}

/** What a capacity file asks, as plain data. Everything that the judgement of the record needs. Rates in requests a second. */
export interface CapacityAsked {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly workload: Workload;
  /** A request without an answer after so many milliseconds is a failure. */
  readonly timeoutMs: number;
  readonly targets: Targets;
  /** The wanted rate, and the number of users that it was asked for as. */
  readonly ratePerS: number;
  readonly users: number | undefined;
  readonly objective: Objective;
  readonly search: {
    readonly fromPerS: number;
    readonly leastPerS: number;
    readonly mostPerS: number;
    readonly ratio: number;
  };
  /** The wanted rate is held for so long, under a condition of its own. Undefined: it is not. */
  readonly held: { readonly condition: string; readonly ms: number } | undefined;
  /** The load that goes on beside every step. A step's rate includes it. */
  readonly lightPerS: number;
  /** In the order in which they are measured, after the full condition. */
  readonly cells: readonly AskedCell[];
  /** How long the search under the full condition, one cell, and everything may take, milliseconds. */
  readonly fullMs: number;
  readonly cellMs: number;
  readonly mostMs: number;
  readonly validDays: number;
  /** Who signs, for the report. */
  readonly signer: string | undefined;
  readonly productionLike: Certificate['productionLike'];
  readonly waivers: Certificate['waivers'];
  /** The history of demand, an absolute path. Undefined: nothing is forecast. */
  readonly growth: string | undefined;
}
