import type { Clock } from '../core/clock.ts';
import type { Environment } from '../core/record/environment.ts';
import type { LoadEngine } from '../core/load/load.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Probe } from '../core/kinds/probe.ts';
import type { Subscriber } from '../core/record/run.ts';
import type { Known } from '../core/kinds/known.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import type { Beside } from './beside.ts';
import type { Cues } from './cues.ts';
import type { GuardianOfRun } from './guarding.ts';
import type { Interruption } from './interruption.ts';

/** Everything that a run needs. */
export interface RunOptions {
  readonly plan: Plan;
  readonly run: string;
  /** The run's folder. It exists. */
  readonly dir: string;
  /** The folder of the run's journal. It exists. */
  readonly journal: string;
  readonly environment: Environment;
  readonly topology: TopologyControl;
  readonly load: LoadEngine;
  readonly probes: readonly Probe[];
  readonly catalogue: Known;
  readonly clock: Clock;
  readonly guardian: GuardianOfRun;
  readonly interruption: Interruption;
  readonly subscribers: readonly Subscriber[];
  /** Set when a person directs the run. */
  readonly cues?: Cues | undefined;
  /** Absent: nothing goes on beside a phase. */
  readonly beside?: Beside | undefined;
  redact(text: string): string;
}
