import type { ZodType } from 'zod';
import type { Clock } from '../clock.ts';
import type { Mismatch } from '../plan/mismatch.ts';
import type { RunEvent } from '../record/events.ts';
import type { Capability } from '../topology/capability.ts';
import type { TopologyControl } from '../topology/control.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Needs } from './probe.ts';
import type { StepSurroundings } from './step.ts';

/** What a condition may use to find out whether it holds. */
export interface Looking {
  readonly clock: Clock;
  readonly topology: TopologyControl;
  /** Epoch milliseconds. What happened before this time does not count. */
  readonly since: number;
  /** Aborted when the wait ends, at its deadline at the latest. Then `comeAbout` rejects. */
  readonly signal: AbortSignal;
  /** Receives what was seen last, for people: "HTTP 503". */
  readonly saw: (what: string) => void;
  /** Every event so far that is not a sample of something: see `isSample`. */
  readonly changes: () => readonly RunEvent[];
  /** Calls the listener with every event from now on, samples included, until disposed. */
  readonly onEvent: (listener: (event: RunEvent) => void) => Disposable;
}

/** A condition that a run may wait for. One file under harness/steps/wait/. `C`: the condition as a plan holds it. */
export interface Condition<C = unknown> {
  /** The name of the condition's file, and its key in a wait. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly example: unknown;
  readonly params: ZodType<C>;
  /** What the topology must have. */
  readonly requires?: readonly Capability[];
  /** Returns the condition in words, after "until": "one of postgres becomes primary". */
  describe(params: C): string;
  /** Returns the names in the condition that do not exist. `surroundings.path` is the path of the condition. */
  mismatches?(params: C, surroundings: StepSurroundings): readonly Mismatch[];
  /** Returns what a run must measure for the condition, beside what every run measures. Absent: nothing more. */
  measures?(params: C, spec: TopologySpec): Needs;
  /** Resolves with the time at which the condition came about, epoch milliseconds. Waits without a limit. */
  comeAbout(params: C, looking: Looking): Promise<number>;
}

export const defineCondition = <C>(condition: Condition<C>): Condition<C> => condition;
