import type { Check } from './check.ts';
import type { Controller } from './controller.ts';
import type { Fault } from './fault.ts';
import type { Series } from './series.ts';
import type { StepKind } from './step.ts';

/** The catalogues of this version: everything that an experiment may name, and that a run and a judge look up. */
export interface Known {
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly series: readonly Series[];
  readonly steps: readonly StepKind[];
  readonly controllers: readonly Controller[];
}
