import type { ZodType } from 'zod';
import type { RunEvent } from '../record/events.ts';
import type { Capability } from '../topology/capability.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Needs } from './probe.ts';

/** What one event says about a stop condition. */
export interface StopReading {
  /**
   * What the reading is about, for example one container of several. The condition must hold for the same container all
   * the time. Absent when there is only one thing.
   */
  readonly of?: string;
  readonly holds: boolean;
  /** "in the last second 291 of 300 requests failed (97.0 %)" */
  readonly observed: string;
}

/** Names in the parameters that must exist in the topology or the workload. Validation checks them. */
export interface Named {
  readonly group?: string | undefined;
  readonly of?: string | undefined;
  /** A service, a group or a container. */
  readonly server?: string | undefined;
  /** The key under which a group or a server stands; `of` when it is absent. */
  readonly key?: string;
}

/** How a check ends a run early. It sees one event after another, and never a later event. */
export interface StopRule<P = unknown> {
  /** The schema of a strict object. Its key `for` (see `lasting` in kit/schema.ts): how long the condition must hold. */
  readonly params: ZodType<P & { readonly for: number }>;
  /** One sentence: when it ends the run. */
  readonly summary: string;
  readonly example: unknown;
  /** Returns how many milliseconds before its event a `StopReading` covers; 0 means the moment of the event. */
  spanMs(params: P): number;
  /** Returns how many milliseconds lie between two readings with the same `of`, as a rule. Default: `spanMs`. */
  everyMs?(params: P): number;
  /** "errors > 80 %" */
  describe(params: P): string;
  refers?(params: P): Named;
  /** Returns what a run must measure for the condition, beside what every run measures. Absent: nothing more. */
  measures?(params: P, spec: TopologySpec): Needs;
  /**
   * Returns a function that receives every event of one run in order, from the warm-up on. It returns nothing for an
   * event that says nothing about the condition.
   */
  watch(params: P, spec: TopologySpec): (event: RunEvent) => readonly StopReading[];
}

/** The part of a check that says how it stops a run. A check with `stopIf` may be used under `stop_if`. */
export interface Stopping {
  readonly name: string;
  readonly summary: string;
  /**
   * Returns what the topology must have. When the topology lacks any of it, an experiment with the check is refused:
   * there would be no evidence. `params`: the parameters of the check or of its stop condition.
   */
  requires?(params: unknown): readonly Capability[];
  /** Absent when only a finished run can be judged. */
  readonly stopIf?: StopRule;
}

export const defineStopRule = <P>(rule: StopRule<P>): StopRule => rule;
