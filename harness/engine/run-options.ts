import type { Clock } from '../core/clock.ts';
import type { Environment } from '../core/environment.ts';
import type { LoadEngine } from '../core/load/load.ts';
import type { Plan } from '../core/plan.ts';
import type { Probe } from '../core/probe.ts';
import type { Subscriber } from '../core/run.ts';
import type { Stopping } from '../core/stop-rule.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import type { Catalogue } from './judge.ts';
import type { Guardian } from './guardian-process.ts';
import type { Interruption } from './interruption.ts';

/** What a run is made of. */
export interface RunOptions {
  readonly plan: Plan;
  readonly run: string;
  /** The run's folder, made already. */
  readonly dir: string;
  readonly environment: Environment;
  readonly topology: TopologyControl;
  readonly load: LoadEngine;
  readonly probes: readonly Probe[];
  /** `metrics`: what may stop the run beside its checks. */
  readonly catalogue: Catalogue & { readonly metrics: readonly Stopping[] };
  readonly clock: Clock;
  readonly guardian: Guardian;
  readonly interruption: Interruption;
  readonly subscribers: readonly Subscriber[];
  redact(text: string): string;
}
