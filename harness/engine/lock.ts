import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { isAlive, type ProcessId } from '../core/process-id.ts';

/** Who is at work on a topology. */
export interface LockHolder {
  readonly run: string;
  /** Absolute path of the run's folder. */
  readonly dir: string;
  readonly since: string;
  readonly runner: ProcessId;
  /** Heals when the runner dies; undefined until it has started. */
  readonly guardian: ProcessId | undefined;
}

export type LockState =
  | { readonly state: 'free' }
  /** The runner lives. */
  | { readonly state: 'running'; readonly holder: LockHolder }
  /** The runner is dead and its guardian is healing. */
  | { readonly state: 'healing'; readonly holder: LockHolder }
  /** Both are dead: somebody must heal. */
  | { readonly state: 'left'; readonly holder: LockHolder };

/** One run at a time, and whoever asks is told who holds the topology. */
export class Lock {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(): LockState {
    let holder: LockHolder;
    try {
      holder = JSON.parse(readFileSync(this.path, 'utf8')) as LockHolder;
    } catch {
      return { state: 'free' };
    }
    if (isAlive(holder.runner)) return { state: 'running', holder };
    if (holder.guardian !== undefined && isAlive(holder.guardian)) return { state: 'healing', holder };
    return { state: 'left', holder };
  }

  /** CHAOS_RUN_ACTIVE when somebody else was first. */
  acquire(holder: LockHolder): void {
    mkdirSync(dirname(this.path), { recursive: true });
    try {
      writeFileSync(this.path, JSON.stringify(holder), { flag: 'wx' });
    } catch (cause) {
      throw heldBy(this.read(), cause);
    }
  }

  /** Replaces the content in one step: a reader never sees half of it. */
  update(holder: LockHolder): void {
    writeFileSync(`${this.path}.new`, JSON.stringify(holder));
    renameSync(`${this.path}.new`, this.path);
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

export function heldBy(lock: LockState, cause?: unknown): ChaosError {
  const holder = lock.state === 'free' ? undefined : lock.holder;
  const who =
    holder === undefined ? 'another run' : `run ${holder.run} (process ${holder.runner.pid}, since ${holder.since})`;
  return new ChaosError('CHAOS_RUN_ACTIVE', {
    what: `the topology is in use by ${who}`,
    hint: 'Wait for it, or end it: Ctrl-C in its terminal, or `chaos abort`; `chaos status` tells more.',
    exit: 'not-ready',
    cause,
  });
}
