import type { ZodType } from 'zod';
import type { RunEvent } from './events.ts';
import type { Observer } from './observation.ts';
import type { TopologySpec } from './topology.ts';

/** What an event says about a stop condition. */
export interface Look {
  /** About which of several things: the condition must hold for one of them for its whole time. */
  readonly of?: string;
  readonly holds: boolean;
  /** "in the last second 291 of 300 requests failed (97.0 %)" */
  readonly observed: string;
}

/** Names in the parameters that must exist, for validation; `server`: a service, a group or a container. */
export interface Named {
  readonly group?: string | undefined;
  readonly of?: string | undefined;
  readonly server?: string | undefined;
}

/** How a check or a metric ends a run before its time: it looks at one event after another, and never ahead. */
export interface StopRule<P = unknown> {
  /** A strict object; `for` is added to it. */
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** What a look tells of: so many milliseconds before its event; 0: the state at that moment. */
  readonly spanMs: number;
  /** `for` where none is written, milliseconds; default: 5,000. */
  readonly grace?: number;
  /** "errors > 80 %" */
  describe(params: P): string;
  refers?(params: P): Named;
  /** What must be asked while the run goes on, beside what its faults need; `watched`: services. */
  needs?(
    params: P,
    spec: TopologySpec,
  ): { readonly observers?: readonly Observer[]; readonly watched?: readonly string[] };
  /** Sees every event of one run in order, the warm-up's too. No looks where the event says nothing. */
  watch(params: P, spec: TopologySpec): (event: RunEvent) => readonly Look[];
}

/** What may stand under `stop_if`: checks, and metrics. */
export interface Stopping {
  readonly name: string;
  readonly summary: string;
  /** Absent where only a finished run can be judged. */
  readonly stopIf?: StopRule;
}

export const defineStopRule = <P>(rule: StopRule<P>): StopRule => rule;
