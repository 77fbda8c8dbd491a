import type { ZodType } from 'zod';
import type { NamedSeries } from '../plan/plan.ts';
import type { Scaling } from '../record/scaling.ts';
import type { Reading } from './series.ts';

/** A reading with its moment, epoch milliseconds. */
export interface TimedReading extends Reading {
  readonly t: number;
}

/** What a controller decides from. */
interface Situation {
  /** Epoch milliseconds. */
  readonly t: number;
  /** How many containers the controller's service has now, running or not. */
  readonly replicas: number;
  /** How many containers the service had when the controller began. */
  readonly before: number;
  /** The cores that each container of the service may use. */
  readonly cores: number;
  /** Returns the newest readings of a series that `reads` names, one for each of its lines. */
  readonly readings: (series: NamedSeries) => readonly TimedReading[];
  /** What this controller has decided before, oldest first. */
  readonly past: readonly PastDecision[];
}

export interface PastDecision {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly decision: Decision;
  /** When the change was carried out. Undefined when there was nothing to change, or it failed. */
  readonly carriedOut?: number | undefined;
}

/** How many containers a service shall have. */
export interface Decision {
  readonly replicas: number;
  /** One phrase: "3 replicas, and 5 are asked for". */
  readonly why: string;
  /** The figure that decided, for the table of scaling events. */
  readonly metric: string;
  readonly value: number;
  readonly threshold: number;
  /** What the decision was made from, and all that it says. A run records it, also when nothing changes. */
  readonly scaling?: Scaling;
}

/**
 * Changes the number of a service's containers while a run goes on, from the warm-up to the end of recovery. The
 * controller decides. The run writes the way back to disk, carries the decision out and records it. One file under
 * harness/controllers/.
 */
export interface ControllerDefinition<P> {
  /** The key under `controllers` in an experiment file. It is the name of the controller's file. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** Milliseconds from one decision to the next. */
  readonly everyMs: number;
  /** Returns the service whose containers the controller counts and changes. */
  service(params: P): string;
  /** Returns the largest number of containers that the controller can ask for. */
  most(params: P): number;
  /** Returns what the controller does, in words, for `chaos plan`: "holds app at 5 replicas". */
  describe(params: P): string;
  /** Returns the series that the controller reads. */
  reads?(params: P): readonly NamedSeries[];
  /** Pure. Returns undefined when there is nothing to decide from. Then the number of containers stays. */
  decide(params: P, situation: Situation): Decision | undefined;
}

export type Controller = ControllerDefinition<unknown>;

export const defineController = <P>(controller: ControllerDefinition<P>): ControllerDefinition<P> & Controller =>
  controller;
