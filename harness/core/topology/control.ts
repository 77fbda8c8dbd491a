import type { Random } from '../random.ts';
import type { Target } from './aim.ts';
import type { MachineFeature } from './capability.ts';
import type { Command } from './command.ts';
import type { LifeListener } from './life.ts';
import type { ProxyRef, Toxic } from './proxy.ts';
import type { MonitoringControl } from './monitoring.ts';
import type { ImageRef } from './replacing.ts';
import type { Residue } from './residue.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import type { LimitChange, TopologySpec } from './spec.ts';
import type { ContainerCounters, ContainerLog, ContainerRef, ContainerState, ContainerUsage, Health } from './state.ts';
import type { UndoStep } from './undo.ts';
import type { Answer, DatagramBatch, DatagramWay, Question, Vantage } from './witness.ts';

/** The part of a container's log to read. */
export interface LogPart {
  /** Epoch milliseconds. */
  readonly since: number;
  /**
   * Read at most this many lines, from the end of the log. The engine finds the last lines fast. To find a time, it
   * reads the whole log.
   */
  readonly last?: number;
}

/**
 * The containers of the topology: all that have the label of its Compose project. Acts find a container by its name, so
 * a container that was made again under its old name is found too.
 */
export interface Containers {
  /**
   * Resolves with the containers of a target; `random` draws them if the target needs only some. Throws CHAOS_NO_TARGET
   * when there is none.
   */
  resolve(target: Target, random: Random): Promise<readonly ContainerRef[]>;
  inspect(container: ContainerRef): Promise<ContainerState>;
  /**
   * Sends a signal through the engine, by default SIGKILL. Restart policies do not act, so a container that ends stays
   * down.
   */
  kill(container: ContainerRef, signal?: string): Promise<void>;
  /** Sends SIGKILL to the main process, and not through the engine. Restart policies act. */
  crash(container: ContainerRef): Promise<void>;
  pause(container: ContainerRef): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after `graceS` whole seconds. The container stays down. */
  stop(container: ContainerRef, graceS: number): Promise<void>;
  restart(container: ContainerRef, graceS: number): Promise<void>;
  /** Removes the container and everything that it wrote outside its volumes. */
  remove(container: ContainerRef): Promise<void>;
  limit(container: ContainerRef, change: LimitChange): Promise<void>;
  /** Resolves with the number of containers of a service, running or not. */
  count(service: string): Promise<number>;
  /**
   * Gives a service `replicas` containers. Containers with the highest numbers are removed after their grace period.
   * New containers are copies of the first container, which Compose makes when the service has none. They are started,
   * and nobody waits until they are healthy. A second call is harmless.
   */
  scale(service: string, replicas: number): Promise<void>;
  disconnect(container: ContainerRef, network: string): Promise<void>;
  /** Resolves with an image that the engine has, by its name or id. Undefined when the engine does not have it. */
  image(name: string): Promise<ImageRef | undefined>;
  /**
   * Makes a container of another image that is to take the place of this one: with its number, its labels and its names
   * in the networks. It is called `nextName` until it takes the place, and it is not started. A container that was left
   * there by an earlier try is removed first. Throws CHAOS_NO_IMAGE when the engine does not have the image.
   */
  prepareNext(container: ContainerRef, image: string): Promise<void>;
  /** Starts the container that is to take the place of this one. Nobody waits until it is healthy. */
  startNext(container: ContainerRef): Promise<void>;
  /**
   * Sends SIGTERM, waits as long as the compose file says, and removes the container. What it logged since this process
   * took hold of the topology is still in `logs` and `stdout`.
   */
  retire(container: ContainerRef): Promise<void>;
  /** Gives the place of a container that is gone to the container that was made for it. */
  takePlace(container: ContainerRef): Promise<void>;
  /** Reads the counters of the container with this name. Throws CHAOS_NO_TARGET when it is not running. */
  counters(container: string): Promise<ContainerCounters>;
  /** Tells what becomes of all containers of the topology from now on, until it is disposed. */
  follow(listener: LifeListener): AsyncDisposable;
  states(services: readonly string[]): Promise<readonly ContainerState[]>;
  usage(): Promise<readonly ContainerUsage[]>;
  /**
   * Reads the log of each container since `since` (epoch milliseconds), of stopped ones too. A long log gives its end
   * only. Resolves when every log has been given to `onLog`.
   */
  logs(since: number, onLog: (log: ContainerLog) => void): Promise<void>;
  /** Reads what the containers of these services wrote to stdout, line by line. Stopped containers are included. */
  stdout(services: readonly string[], part: LogPart, onLine: (container: string, line: string) => void): Promise<void>;
}

/** The proxies of the links. */
export interface Links {
  proxy(name: string): Promise<ProxyRef>;
  addToxic(proxy: ProxyRef, toxic: Toxic): Promise<void>;
  disableProxy(proxy: ProxyRef): Promise<void>;
}

/** A row of a query, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** The data under test. */
export interface Data {
  /**
   * Puts the data back as x-chaos says. Resolves with the fingerprint of the data; '' when x-chaos gives none. Throws
   * CHAOS_LACKS when x-chaos asks for no reset.
   */
  reset(): Promise<string>;
  /** Resolves with the rows of a query on the current primary. */
  query(sql: string, params: readonly unknown[]): Promise<readonly Row[]>;
}

/** Helpers in the network namespaces of containers. */
export interface Witnesses {
  /** Asks the questions again and again until disposed. */
  witness(
    vantage: Vantage,
    run: string,
    questions: readonly Question[],
    onAnswer: (answer: Answer) => void,
  ): Promise<AsyncDisposable>;
  /** Sends 100 datagrams a second on each way. Calls `onBatch` for those of each half second, with how many arrived. */
  datagrams(
    run: string,
    ways: readonly DatagramWay[],
    onBatch: (batch: DatagramBatch) => void,
  ): Promise<AsyncDisposable>;
}

/** What a fault may do to the running topology. */
export interface Topology {
  readonly spec: TopologySpec;
  readonly containers: Containers;
  readonly links: Links;
  /**
   * Carries out a command that changes something. Resolves with what it printed. Throws CHAOS_COMMAND when it fails.
   */
  act(command: Command): Promise<string>;
  /** Carries out a command that changes nothing. Resolves and throws as `act` does. */
  ask(command: Command): Promise<string>;
  /** Says whether this machine has what a fault needs. */
  offers(feature: MachineFeature): Promise<boolean>;
}

/** What one look at the running topology shows. */
export interface Look {
  /** Everything that is not as the compose file describes it, or carries the mark of a fault. */
  readonly residue: readonly Residue[];
  /** Every value that a fault can change. */
  readonly snapshot: Snapshot;
}

/** The running topology, with everything that a run does to it. */
export interface TopologyControl extends Topology, AsyncDisposable {
  readonly data: Data;
  readonly witnesses: Witnesses;
  readonly monitoring: MonitoringControl;
  /** Carries out one undo step. A second call is harmless, and so is a target that is gone. */
  undo(step: UndoStep): Promise<void>;
  /** 'absent': there is no container. 'present': there is at least one. */
  presence(): Promise<'absent' | 'present'>;
  /**
   * Brings the topology up and waits until it is healthy. `onChild` receives the process id of each `docker compose`
   * command that does this, and undefined when the command has ended. With `only`, makes what is missing of these
   * services, and touches no other.
   */
  up(signal: AbortSignal, onChild: (pid: number | undefined) => void, only?: readonly string[]): Promise<void>;
  /**
   * Removes the containers, networks and volumes that the harness made, and nothing else. Resolves with what stays, for
   * people: "volume shop_data".
   */
  down(): Promise<readonly string[]>;
  health(): Promise<Health>;
  /** Looks once at what is really there, and never at notes of the harness, which may be lost. Changes nothing. */
  look(): Promise<Look>;
  /** Resolves with the residue alone. */
  residue(): Promise<readonly Residue[]>;
  /**
   * Repairs everything that is not as it should be, also when no undo step was recorded for it. `before` is the snapshot
   * from before the first fault. With it, values that differ from the snapshot are set back too, if a command can set
   * them. A second call is harmless.
   */
  restore(before?: Snapshot): Promise<void>;
  describe(): Promise<{ readonly engine: string; readonly images: Readonly<Record<string, string>> }>;
}
