import type { TopologySpec } from '../../core/topology/spec.ts';
import type { ProcessId } from '../../disk/process-id.ts';

/** What the guardian must know about the session that it watches. */
export interface Watch {
  /** The folder of the topology's state: `Places`. */
  readonly places: string;
  /** The number of the claim by which the session holds the topology. */
  readonly claim: number;
  /** The folder that holds the folders of the runs. */
  readonly reports: string;
  /** True when a topology that the session brought up stays up. */
  readonly keep: boolean;
  /** True when nobody is told about the runs of the session. */
  readonly tellsNobody: boolean;
  /** The session's process. */
  readonly runner: ProcessId;
  readonly topology: TopologySpec;
}

/** The run at work. */
export interface WatchedRun {
  readonly run: string;
  /** The run's folder, an absolute path. */
  readonly dir: string;
}

/**
 * A message from a session to its guardian: one JSON line on the guardian's input. When the input ends without `done`,
 * the session's process is dead, or leaves the rest to the guardian.
 */
export type GuardianMessage =
  | ({ readonly tell: 'watch' } & Watch)
  /** A run begins. From now on its journal says what must be undone. */
  | ({ readonly tell: 'run' } & WatchedRun)
  /** The run is over, healed and reported. */
  | { readonly tell: 'run-over' }
  | { readonly tell: 'started-topology' }
  | { readonly tell: 'child'; readonly pid: number | undefined }
  /** Faults are in force, or are about to be. From now on the session says so again and again. */
  | { readonly tell: 'alive' }
  /** No fault is in force any more. */
  | { readonly tell: 'rest' }
  | { readonly tell: 'done' };
