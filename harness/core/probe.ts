import type { Clock } from './clock.ts';
import type { RunEvent } from './events.ts';
import type { Observer } from './observation.ts';
import type { TopologyControl } from './topology-control.ts';

export interface ProbeContext {
  readonly run: string;
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** From the plan's faults: who is to be asked from the consumers' side. */
  readonly observers: readonly Observer[];
  /** Services whose containers a fault may touch. */
  readonly watched: readonly string[];
  readonly emit: (event: RunEvent) => void;
}

/** Samples one thing while a run lasts. A failed sample is an event or a gap, never an exception. */
export interface Probe {
  readonly name: string;
  readonly summary: string;
  start(ctx: ProbeContext): Promise<AsyncDisposable>;
}
