import type { Command } from './command.ts';
import type { Random } from './random.ts';
import type {
  Answer,
  ContainerCounters,
  ContainerLog,
  ContainerRef,
  ContainerState,
  ContainerUsage,
  DatagramBatch,
  DatagramWay,
  Health,
  Limits,
  ProxyRef,
  Question,
  Requirement,
  Residue,
  Target,
  TopologySpec,
  Toxic,
} from './topology.ts';
import type { UndoStep } from './undo.ts';

/** What a fault may do to the running topology. Only containers that carry this topology's project label are ever touched. */
export interface Topology {
  readonly spec: TopologySpec;
  /** Zero matches is an error (CHAOS_NO_TARGET). Where a target means some of several, `random` draws them. */
  resolve(target: Target, random: Random): Promise<readonly ContainerRef[]>;
  inspect(container: ContainerRef): Promise<ContainerState>;
  /** A signal by the engine, SIGKILL where none is named. Of one that ends it, it stays down: restart policies do not act. */
  kill(container: ContainerRef, signal?: string): Promise<void>;
  /** SIGKILL of the main process from outside the engine: restart policies act. */
  crash(container: ContainerRef): Promise<void>;
  pause(container: ContainerRef): Promise<void>;
  /** SIGTERM, and SIGKILL after so many whole seconds. It stays down. */
  stop(container: ContainerRef, graceS: number): Promise<void>;
  restart(container: ContainerRef, graceS: number): Promise<void>;
  /** Gone, with what it had written outside its volumes. */
  remove(container: ContainerRef): Promise<void>;
  limit(container: ContainerRef, limits: Limits): Promise<void>;
  /** Carries out a command that changes something, and answers what it printed; CHAOS_COMMAND when it fails. */
  act(command: Command): Promise<string>;
  /** The same of a command that changes nothing. */
  ask(command: Command): Promise<string>;
  /** By the container's name; CHAOS_NO_TARGET where it is not running. */
  counters(container: string): Promise<ContainerCounters>;
  /** Whether this machine has it. */
  offers(requirement: Requirement): Promise<boolean>;
  disconnect(container: ContainerRef, network: string): Promise<void>;
  proxy(name: string): Promise<ProxyRef>;
  addToxic(proxy: ProxyRef, toxic: Toxic): Promise<void>;
  disableProxy(proxy: ProxyRef): Promise<void>;
  /** Carries out one undo step; idempotent, tolerates a target that is gone. */
  undo(step: UndoStep): Promise<void>;
}

/** The part of a container's log that is wanted. */
export interface LogPart {
  /** Epoch milliseconds. */
  readonly since: number;
  /** No more than its last lines: the engine reads all of a log to find a time in it, and these from its end. */
  readonly last?: number;
}

/** The running topology as the engine drives it. */
export interface TopologyControl extends Topology, AsyncDisposable {
  /** 'absent': no container; 'present': some or all are there. */
  presence(): Promise<'absent' | 'present'>;
  /** Brings it up and waits for health; `onChild` is told the process that does it, for whoever must end it. */
  up(signal: AbortSignal, onChild: (pid: number | undefined) => void): Promise<void>;
  /** Removes containers, networks and volumes. */
  down(): Promise<void>;
  health(): Promise<Health>;
  /** Everything that is not as it should be. */
  residue(): Promise<readonly Residue[]>;
  /** Puts right what it knows of and what it does not; idempotent. */
  restore(): Promise<void>;
  /** Data back to what it was after generation; answers the data's fingerprint. */
  reset(): Promise<string>;
  usage(): Promise<readonly ContainerUsage[]>;
  states(services: readonly string[]): Promise<readonly ContainerState[]>;
  /** Rows of a query on the current primary. */
  query(sql: string, params: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What containers of these services wrote to stdout, line by line, stopped ones included. */
  stdout(services: readonly string[], part: LogPart, onLine: (container: string, line: string) => void): Promise<void>;
  witness(
    from: string,
    run: string,
    questions: readonly Question[],
    onAnswer: (answer: Answer) => void,
  ): Promise<AsyncDisposable>;
  /** Sends a hundred datagrams a second on each way, and tells what became of them half a second's worth at a time. */
  datagrams(
    run: string,
    ways: readonly DatagramWay[],
    onBatch: (batch: DatagramBatch) => void,
  ): Promise<AsyncDisposable>;
  /** What each container, dead ones too, has written since `since` (epoch milliseconds); of much, the end. Answers when all were told. */
  logs(since: number, onLog: (log: ContainerLog) => void): Promise<void>;
  describe(): Promise<{ readonly engine: string; readonly images: Readonly<Record<string, string>> }>;
}
