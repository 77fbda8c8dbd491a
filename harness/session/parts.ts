import type { Clock } from '../core/clock.ts';
import type { Probe } from '../core/kinds/probe.ts';
import type { Known } from '../core/kinds/known.ts';
import type { LoadEngine } from '../core/load/load.ts';
import type { Log } from '../core/log.ts';
import type { Out } from '../core/out/out.ts';
import type { Environment } from '../core/record/environment.ts';
import type { Reporter, ResultStore } from '../core/record/run.ts';
import type { Redact } from '../core/text/redact.ts';
import type { Env } from '../core/topology/compose.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { Engine } from './places.ts';

/** Everything that a session needs. It comes from main.ts: a session knows no adapter. */
export interface SessionParts {
  readonly env: Env;
  /** The checkout. */
  readonly root: string;
  /** The folder of the user that holds the state of every topology: see `stateFolder`. */
  readonly state: string;
  readonly engine: Engine;
  /** The folder that holds the folders of the runs, an absolute path. */
  readonly reports: string;
  readonly clock: Clock;
  readonly catalogue: Known;
  readonly load: LoadEngine;
  readonly probes: readonly Probe[];
  readonly reporters: readonly Reporter[];
  /** The script that a guardian runs. */
  readonly guardianScript: string;
  /** `env`: the environment for Compose and the engine. Default: `env` of these parts. */
  topologyControl(spec: TopologySpec, options?: { readonly log?: Log; readonly env?: Env }): TopologyControl;
  /** Reads a topology anew, with what watches it. Throws a ChaosError with the place of the first mistake. */
  readTopology(spec: Pick<TopologySpec, 'files' | 'monitoring'>): TopologySpec;
  /** Returns the environment variables that these compose files use. */
  variablesOf(files: readonly string[]): Env;
  openLog(dir: string, by: 'run' | 'heal', redact: Redact): Log & Disposable;
  openStore(reports: string, spec: TopologySpec): Promise<ResultStore>;
  /** How others are told about runs. */
  readonly out: Out;
  /** Brings the page over all runs in this folder up to date. */
  writeIndex(reports: string): void;
  /** Facts about the machine, the engine and the images under test, for the record. */
  environment(topology: TopologyControl): Promise<Environment>;
  /** Tells a person what is going on, a line at a time. */
  say(line: string): void;
}
