import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { onDisk } from '../core/disk-error.ts';
import { isAlive, isProcessId, type ProcessId, processId } from './process-id.ts';
import { writeDraft } from './whole.ts';

/** A claim on a lock. */
export interface Claim<H> {
  readonly number: number;
  /** The holder of the lock. Undefined when the claim cannot be read: a crash of the machine has left it. */
  readonly holder: H | undefined;
}

/** Milliseconds between two tries of a process that waits for a lock. */
const POLL_MS = 50;
const FREE = '.free';

/**
 * A lock that at most one process holds. It is a folder of claims with numbers, and the claim with the highest number
 * counts. A claim is a file that appears with its whole content in one step (link(2)), so two processes cannot make the
 * same claim. A released claim gets a second name, which needs no room on the disk. Both names stay until the next claim
 * is made, so numbers only rise. A process that read an old number can only make a claim that no longer counts, and it sees
 * this at once: the kernel lists a small folder in one step.
 */
export class Lock<H> {
  readonly path: string;
  readonly #isHolder: (value: unknown) => value is H;
  readonly #mode: number;

  /** `mode`: the rights of the claims, as for chmod(2), less the umask. */
  constructor(path: string, isHolder: (value: unknown) => value is H, mode = 0o666) {
    this.path = path;
    this.#isHolder = isHolder;
    this.#mode = mode;
  }

  /** Returns the claim that counts; undefined when nobody holds the lock. */
  read(): Claim<H> | undefined {
    // The next claim may replace a claim between the listing and the reading. Then this begins again.
    for (;;) {
      const number = this.#highest();
      if (number === 0 || existsSync(this.#file(number) + FREE)) return undefined;
      try {
        return { number, holder: this.#parsed(readFileSync(this.#file(number), 'utf8')) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  /**
   * Takes the lock when nobody holds it, when its claim cannot be read, or when `mayTake` returns true for its holder.
   * Returns the number of the new claim; undefined when another process holds the lock or was faster. Throws
   * CHAOS_DISK_FULL and CHAOS_NOT_WRITABLE. Then the holder of the lock is the same as before.
   */
  take(holder: H, mayTake: (holder: H) => boolean = () => false): number | undefined {
    onDisk(this.path, () => mkdirSync(this.path, { recursive: true }));
    const before = this.#highest();
    const claim = this.read();
    if (claim?.holder !== undefined && !mayTake(claim.holder)) return undefined;
    const number = before + 1;
    if (!onDisk(this.path, () => this.#link(number, JSON.stringify(holder)))) return undefined;
    if (this.#highest() !== number) {
      rmSync(this.#file(number), { force: true });
      return undefined;
    }
    this.#sync();
    this.#clear(number);
    return number;
  }

  /** Replaces the holder's data in a claim. Only the holder of the claim may call this. */
  update(number: number, holder: H): void {
    onDisk(this.path, () => renameSync(this.#draft(JSON.stringify(holder)), this.#file(number)));
  }

  /** Releases a claim. This has no effect when a later claim counts. */
  release(number: number): void {
    try {
      linkSync(this.#file(number), this.#file(number) + FREE);
    } catch (error) {
      // A later claim counts, or this claim was released before.
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  #file(number: number): string {
    return join(this.path, String(number));
  }

  #parsed(text: string): H | undefined {
    try {
      const value: unknown = JSON.parse(text);
      return this.#isHolder(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Returns the names in the folder, each with the number of its claim. */
  #claims(): { readonly name: string; readonly number: number }[] {
    return this.#names().flatMap((name) => {
      const [, number] = /^(\d+)(?:\.free)?$/.exec(name) ?? [];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Returns 0 when there was never a claim. */
  #highest(): number {
    return this.#claims().reduce((highest, { number }) => Math.max(highest, number), 0);
  }

  /** Removes the claims below this number, and the drafts of processes that have died. */
  #clear(number: number): void {
    for (const old of this.#claims()) if (old.number < number) rmSync(join(this.path, old.name), { force: true });
    for (const name of this.#names()) {
      const [, pid] = /^draft-(\d+)$/.exec(name) ?? [];
      if (pid !== undefined && !isAlive({ pid: Number(pid), started: '' }))
        rmSync(join(this.path, name), { force: true });
    }
  }

  /** Returns false when the claim exists already. */
  #link(number: number, text: string): boolean {
    const draft = this.#draft(text);
    try {
      linkSync(draft, this.#file(number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  #draft(text: string): string {
    const draft = join(this.path, `draft-${process.pid}`);
    try {
      writeDraft(draft, text, { mode: this.#mode, synced: true });
      return draft;
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  /** The names in the folder survive a power cut from here on. */
  #sync(): void {
    const folder = openSync(this.path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}

/**
 * Holds the lock for this process until disposed. Takes the lock from a holder that is dead. Throws the error that
 * `busy` makes when another process still holds the lock after `waitMs` milliseconds.
 */
export async function holdLock(path: string, { waitMs, clock, onWait, busy }: WaitOptions): Promise<Disposable> {
  const lock = new Lock(path, isProcessId);
  const until = clock.now() + waitMs;
  for (let waited = false; ; waited = true) {
    const number = lock.take(processId(process.pid), (holder) => !isAlive(holder));
    if (number !== undefined) return { [Symbol.dispose]: () => lock.release(number) };
    const holder = lock.read()?.holder;
    if (holder !== undefined && !waited) onWait?.(holder);
    if (clock.now() >= until) throw busy(holder);
    await clock.sleep(POLL_MS);
  }
}

export interface WaitOptions {
  /** Milliseconds. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Is called at most once: when another process holds the lock. */
  readonly onWait?: (holder: ProcessId) => void;
  readonly busy: (holder: ProcessId | undefined) => Error;
}
