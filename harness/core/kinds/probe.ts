import type { ZodType } from 'zod';
import type { Clock } from '../clock.ts';
import type { RunEvent } from '../record/events.ts';
import type { Observer } from '../record/observation.ts';
import type { Capability } from '../topology/capability.ts';
import type { TopologyControl } from '../topology/control.ts';

/** What a run must measure for something, beside what every run measures. */
export interface Needs {
  readonly observers?: readonly Observer[];
  /** The services whose containers are watched. */
  readonly watched?: readonly string[];
  /** Sets of parameters for probes, by the name of the probe. */
  readonly probes?: Readonly<Record<string, readonly unknown[]>>;
}

export interface ProbeContext {
  readonly run: string;
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** The observers of the plan's faults and series. */
  readonly observers: readonly Observer[];
  /** The services whose containers are sampled. */
  readonly watched: readonly string[];
  readonly emit: (event: RunEvent) => void;
}

/** Samples one thing during a run. A failed sample becomes an event or a gap, never an error. */
export interface Probe<P = unknown> {
  readonly name: string;
  readonly summary: string;
  /** The probe is not started when the topology lacks any of these. */
  readonly requires?: readonly Capability[];
  /** The schema of one set of parameters. Absent for a probe without parameters. */
  readonly params?: ZodType<P>;
  /**
   * Called before the first fault, and before `start`. Throws a ChaosError with the exit "not-ready" when what is wanted
   * cannot be measured. Absent: it always can, or its absence shows in the record.
   */
  ready?(ctx: ProbeContext, params: readonly P[]): Promise<void>;
  /** `params`: one set for each figure that the run needs of this probe. Empty for a probe without parameters. */
  start(ctx: ProbeContext, params: readonly P[]): Promise<AsyncDisposable>;
}

export const defineProbe = <P>(probe: Probe<P>): Probe => probe;
