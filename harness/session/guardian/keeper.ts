import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { dirname } from 'node:path';
import { ChaosError, describeError } from '../../core/errors.ts';
import type { GuardianEnding, GuardianListener, GuardianOfRun } from '../../run/guarding.ts';
import { guardianLease, type Lease, RENEW_MS } from './lease.ts';
import type { GuardianMessage, Watch, WatchedRun } from './messages.ts';

/** A session's view of its guardian process. */
export interface Guardian extends GuardianOfRun {
  readonly pid: number;
  /** Tells the guardian that a run begins. */
  watchRun(run: WatchedRun): void;
  /** Tells the guardian that the run is over, healed and reported. Nothing of it is left to do. */
  runOver(): void;
  /** Tells the guardian that nothing is left to do. Resolves when its process has ended. */
  done(): Promise<void>;
  /** Leaves the rest to the guardian: it heals, reports, and releases the topology. */
  leave(): Promise<void>;
}

export interface GuardianProcess {
  /** The script that the process runs. */
  readonly script: string;
  /** The file that receives what the process writes to stderr. */
  readonly log: string;
  readonly watch: Watch;
  /** How long the guardian may be silent while faults are in force, milliseconds. */
  readonly answerMs?: number;
  /** A guardian with nothing to do ends at once. When it does not end, it is killed after this long, milliseconds. */
  readonly leavingMs?: number;
}

/** A process that was started, with its streams. */
interface Spawned {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
}

/** A new guardian has this long to say that it is ready, milliseconds. */
const READY_MS = 10_000;
const LEAVING_MS = 5_000;
/** At most this many guardians of one run are replaced. What ended all of them would end the next one too. */
const MOST_REPLACED = 3;

/**
 * Starts a guardian: a process that outlives this process. It is in a process group of its own, so no signal to our
 * process group reaches it. `standing` of the guardian resolves when it is ready. Throws CHAOS_GUARDIAN when no process
 * can be made.
 */
export function startGuardian(options: GuardianProcess): Guardian {
  const keeper = new GuardianKeeper(options);
  keeper.begin();
  return keeper;
}

/**
 * Keeps a guardian at its post. A guardian that dies is replaced, and the next guardian receives what the first one had
 * received. A guardian that is silent while faults are in force is killed first (SIGKILL ends a stopped process too),
 * so that it never wakes up beside the next guardian.
 */
class GuardianKeeper implements Guardian {
  readonly #options: GuardianProcess;
  readonly #listeners = new Set<GuardianListener>();
  #process: ChildProcess | undefined;
  #lease: Lease;
  #ending: GuardianEnding = 'had died';
  /** The start of the present guardian. It rejects when the first guardian of a session did not start. */
  #replacing: Promise<void> = Promise.resolve();
  /** Resolves when the present guardian has ended and the next guardian stands by. */
  #next: Promise<void> = Promise.resolve();
  #replaced = 0;
  #run: WatchedRun | undefined;
  #startedTopology = false;
  #child: number | undefined;
  #renewing: NodeJS.Timeout | undefined;
  #done = false;

  constructor(options: GuardianProcess) {
    this.#options = options;
    this.#lease = guardianLease(options.answerMs);
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  subscribe(listener: GuardianListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  standing(): Promise<void> {
    return this.#replacing;
  }

  watchRun(run: WatchedRun): void {
    this.#run = run;
    this.#replaced = 0;
    this.#tell({ tell: 'run', ...run });
  }

  runOver(): void {
    this.#run = undefined;
    this.#tell({ tell: 'run-over' });
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
    const child = await this.#letGo();
    this.#tell({ tell: 'done' });
    child?.stdin?.end();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const late = setTimeout(() => child.kill('SIGKILL'), this.#options.leavingMs ?? LEAVING_MS);
    await once(child, 'exit');
    clearTimeout(late);
  }

  async leave(): Promise<void> {
    const child = await this.#letGo();
    child?.stdin?.end();
  }

  /** Starts the first guardian. Throws CHAOS_GUARDIAN when no process can be made. */
  begin(): void {
    this.#replacing = this.#ready(this.#spawn());
    // The caller of `standing` gets the error.
    this.#replacing.catch(() => undefined);
  }

  /** Starts a process, and tells it all that its predecessor was told. */
  #spawn(): Spawned {
    const { script, log: path, watch } = this.#options;
    mkdirSync(dirname(path), { recursive: true });
    const log = openSync(path, 'a');
    const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    const { stdin, stdout, pid } = child;
    if (stdin === null || stdout === null || pid === undefined) throw this.#failed(child);
    stdin.on('error', () => undefined);
    this.#process = child;
    const lease = guardianLease(this.#options.answerMs);
    this.#lease = lease;
    stdout.on('data', () => lease.renew());
    this.#tell({ tell: 'watch', ...watch });
    if (this.#run !== undefined) this.#tell({ tell: 'run', ...this.#run });
    if (this.#startedTopology) this.#tell({ tell: 'started-topology' });
    if (this.#child !== undefined) this.#tell({ tell: 'child', pid: this.#child });
    if (this.#renewing !== undefined) this.#tell({ tell: 'alive' });
    return { child, stdin, stdout };
  }

  /** Resolves when the process stands by. Throws CHAOS_GUARDIAN when it ends or is not ready in time. */
  async #ready({ child, stdin, stdout }: Spawned): Promise<void> {
    const ready = once(stdout, 'data', { signal: AbortSignal.timeout(READY_MS) });
    const ended = once(child, 'exit').then(() => Promise.reject(this.#failed(child)));
    try {
      await Promise.race([ready, ended]);
    } catch (cause) {
      // Otherwise the process might start late, and heal when its input ends.
      child.kill('SIGKILL');
      throw this.#failed(child, cause);
    }
    // No handle to the guardian keeps this process alive: a session that leaves the rest to its guardian can end.
    for (const held of [child, stdin as Socket, stdout as Socket]) held.unref();
    this.#next = ended.catch(async () => {
      if (!this.#done) await (this.#replacing = this.#replace());
    });
  }

  /** From now on no guardian is replaced. Resolves with the process of the present guardian. */
  async #letGo(): Promise<ChildProcess | undefined> {
    this.#done = true;
    await this.#replacing.catch(() => undefined);
    clearInterval(this.#renewing);
    this.#renewing = undefined;
    return this.#process;
  }

  /** Kills a guardian that is silent. No fault takes a step until the next guardian stands by. */
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
      const spawned = this.#spawn();
      this.#listeners.forEach((listener) => listener.spawned?.(this.pid));
      await this.#ready(spawned);
      this.#listeners.forEach((listener) => listener.replaced(this.pid, was));
    } catch (error) {
      this.#listeners.forEach((listener) => listener.lost(describeError(error), was));
    }
  }

  #tell(message: GuardianMessage): void {
    this.#process?.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #failed(child: ChildProcess, cause?: unknown): ChaosError {
    return new ChaosError('CHAOS_GUARDIAN', {
      what: `the guardian process did not start (exit ${String(child.exitCode)})`,
      hint: `Without it, a crash could leave a fault behind. So nothing was started. See ${this.#options.log}.`,
      exit: 'error',
      cause,
    });
  }
}
