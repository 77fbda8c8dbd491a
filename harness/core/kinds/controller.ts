import type { ZodType } from 'zod';
import type { NamedSeries } from '../plan/plan.ts';
import type { Reading } from './series.ts';

/** What a controller decides from. */
interface Situation {
  /** Epoch milliseconds. */
  readonly t: number;
  /** How many containers its service has now, running or not. */
  readonly replicas: number;
  /** How many it had before the run. */
  readonly before: number;
  /** Returns the newest readings of a series that `reads` names, one for each of its lines. */
  readonly readings: (series: NamedSeries) => readonly Reading[];
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
}

/**
 * Changes the number of a service's containers while a run goes on, from the warm-up to the end of recovery. It decides,
 * and the run carries the decision out, records it, and has the way back on disk first. One file under
 * harness/controllers/.
 */
export interface ControllerDefinition<P> {
  /** Its key under `controllers`. It is the name of its file. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** Milliseconds from one decision to the next. */
  readonly everyMs: number;
  /** Returns the service whose containers it counts and changes. */
  service(params: P): string;
  /** Returns the largest number of containers that it can ask for. */
  most(params: P): number;
  /** Returns what it does, in words, for `chaos plan`: "holds app at 5 replicas". */
  describe(params: P): string;
  /** Returns the series that it reads. */
  reads?(params: P): readonly NamedSeries[];
  /** Pure. Returns nothing when it has nothing to decide from. */
  decide(params: P, situation: Situation): Decision | undefined;
}

export type Controller = ControllerDefinition<unknown>;

export const defineController = <P>(controller: ControllerDefinition<P>): ControllerDefinition<P> & Controller =>
  controller;
