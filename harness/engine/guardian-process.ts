import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { ChaosError, describeError } from '../core/errors.ts';
import type { TopologySpec } from '../core/topology.ts';
import { guardianLease, RENEW_MS } from './lease.ts';
import type { ProcessId } from '../core/process-id.ts';

/** What the guardian is told of a run, a JSON line each on its input. The input's end is the news that the run is over or dead. */
export type GuardianMessage =
  | {
      readonly tell: 'watch';
      readonly dir: string;
      readonly run: string;
      readonly lock: string;
      readonly reports: string;
      readonly keep: boolean;
      readonly runner: ProcessId;
      readonly topology: TopologySpec;
    }
  | { readonly tell: 'started-topology' }
  | { readonly tell: 'child'; readonly pid: number | undefined }
  /** Faults are in force, or are about to be: the run is heard of again and again from now on. */
  | { readonly tell: 'alive' }
  /** None is in force any more. */
  | { readonly tell: 'rest' }
  | { readonly tell: 'done' };

export type Watch = Extract<GuardianMessage, { tell: 'watch' }>;

/** How a run lost its guardian, as one says it of "the guardian". */
type Ending = 'had died' | 'had given no sign of life and was ended';

export interface GuardianListener {
  /** It `had died`, or was silent and was ended, and another one stands by. */
  replaced(pid: number, was: Ending): void;
  /** No other one could be started: a crash of the run would leave its faults behind. */
  lost(why: string, was: Ending): void;
}

/** The run's side of the guardian. */
export interface Guardian {
  readonly pid: number;
  subscribe(listener: GuardianListener): void;
  /** Resolves when one stands by, or none can be had any more (then the listeners have been told). */
  standing(): Promise<void>;
  /** The run is about to bring the topology up: when it dies, the topology goes too. */
  startedTopology(): void;
  /** A process of the run's that must end with it. */
  child(pid: number | undefined): void;
  /** Faults are about to be in force: from now on silence means that the run hangs, or that the guardian does. */
  hold(): void;
  /** They are taken back. */
  rest(): void;
  /** All is put back: the guardian has nothing to do. */
  done(): Promise<void>;
}

const READY_MS = 10_000;
/** A guardian that has nothing to do any more is gone at once; one that hangs is ended. Milliseconds. */
const LEAVING_MS = 5_000;
/** Whatever ends so many guardians of one run will end the next one too. */
const MOST_REPLACED = 3;

/** Starts the process that outlives the run, in a session of its own, so that no signal to the run's group reaches it. */
export async function startGuardian(script: string, watch: Omit<Watch, 'tell'>): Promise<Guardian> {
  const keeper = new GuardianKeeper(script, watch);
  await keeper.start();
  return keeper;
}

/**
 * Keeps a guardian at its post: one that dies is replaced, and told what the first was told. One that is silent while faults
 * are in force is killed first, which ends a stopped process too: the next one comes when it is gone, and it never wakes up.
 */
class GuardianKeeper implements Guardian {
  readonly #script: string;
  readonly #watch: Omit<Watch, 'tell'>;
  readonly #listeners: GuardianListener[] = [];
  #process: ChildProcess | undefined;
  #lease = guardianLease();
  #ending: Ending = 'had died';
  #replacing: Promise<void> = Promise.resolve();
  /** Resolves when the one at its post has ended and another one stands by. */
  #next: Promise<void> = Promise.resolve();
  #replaced = 0;
  #startedTopology = false;
  #child: number | undefined;
  #renewing: NodeJS.Timeout | undefined;
  #done = false;

  constructor(script: string, watch: Omit<Watch, 'tell'>) {
    this.#script = script;
    this.#watch = watch;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  subscribe(listener: GuardianListener): void {
    this.#listeners.push(listener);
  }

  standing(): Promise<void> {
    return this.#replacing;
  }

  startedTopology(): void {
    this.#startedTopology = true;
    this.#tell({ tell: 'started-topology' });
  }

  child(pid: number | undefined): void {
    this.#child = pid;
    this.#tell({ tell: 'child', pid });
  }

  hold(): void {
    if (this.#renewing !== undefined) return;
    const renew = (): void => {
      if (this.#lease.look()) this.#end();
      this.#tell({ tell: 'alive' });
    };
    renew();
    this.#renewing = setInterval(renew, RENEW_MS).unref();
  }

  rest(): void {
    if (this.#renewing === undefined) return;
    clearInterval(this.#renewing);
    this.#renewing = undefined;
    this.#tell({ tell: 'rest' });
  }

  async done(): Promise<void> {
    this.#done = true;
    await this.#replacing;
    clearInterval(this.#renewing);
    const child = this.#process;
    this.#tell({ tell: 'done' });
    child?.stdin?.end();
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const late = setTimeout(() => child.kill('SIGKILL'), LEAVING_MS);
    await once(child, 'exit');
    clearTimeout(late);
  }

  async start(): Promise<void> {
    const log = openSync(join(this.#watch.dir, 'logs', 'guardian.log'), 'a');
    const child = spawn(process.execPath, [this.#script], { detached: true, stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    const { stdin, stdout, pid } = child;
    if (stdin === null || stdout === null || pid === undefined) throw failed(child);
    stdin.on('error', () => undefined);
    this.#process = child;
    const lease = guardianLease();
    this.#lease = lease;
    stdout.on('data', () => lease.renew());
    this.#tell({ tell: 'watch', ...this.#watch });
    if (this.#startedTopology) this.#tell({ tell: 'started-topology' });
    if (this.#child !== undefined) this.#tell({ tell: 'child', pid: this.#child });
    if (this.#renewing !== undefined) this.#tell({ tell: 'alive' });
    const ready = once(stdout, 'data', { signal: AbortSignal.timeout(READY_MS) });
    const ended = once(child, 'exit').then(() => Promise.reject(failed(child)));
    try {
      await Promise.race([ready, ended]);
    } catch (cause) {
      child.kill('SIGKILL'); // or it would heal, late, what it was told of
      throw failed(child, cause);
    }
    // A run that leaves the rest to it ends by itself: nothing of the guardian's keeps it alive.
    for (const held of [child, stdin as Socket, stdout as Socket]) held.unref();
    this.#next = ended.catch(async () => {
      if (!this.#done) await (this.#replacing = this.#replace());
    });
  }

  /** Until another one stands by, no fault takes a step. */
  #end(): void {
    this.#ending = 'had given no sign of life and was ended';
    this.#replacing = this.#next;
    this.#process?.kill('SIGKILL');
  }

  async #replace(): Promise<void> {
    const was = this.#ending;
    this.#ending = 'had died';
    try {
      this.#replaced += 1;
      if (this.#replaced > MOST_REPLACED) throw new Error(`it died ${this.#replaced} times`);
      await this.start();
      this.#listeners.forEach((listener) => listener.replaced(this.pid, was));
    } catch (error) {
      this.#listeners.forEach((listener) => listener.lost(describeError(error), was));
    }
  }

  #tell(message: GuardianMessage): void {
    this.#process?.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

const failed = (child: ChildProcess, cause?: unknown): ChaosError =>
  new ChaosError('CHAOS_GUARDIAN', {
    what: `the guardian process did not start (exit ${String(child.exitCode)})`,
    hint: "Without it a crash of the harness could leave a fault behind, so nothing was started. See logs/guardian.log in the run's folder.",
    exit: 'error',
    cause,
  });
