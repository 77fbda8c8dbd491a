import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { kill, pid } from 'node:process';
import { type Clock, systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';

const POLL_MS = 50;
/** A file without a readable holder is being written at this moment, unless it is older than this: then its writer died. */
const TORN_MS = 5_000;

interface Holder {
  readonly pid: number;
  /** Start of the process, to tell it from a later one of the same number; '' where the system does not say. */
  readonly started: string;
}

/** Field 22 of /proc/PID/stat, proc(5). */
function startOf(of: number): string {
  try {
    const stat = readFileSync(`/proc/${of}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.started !== '') return startOf(holder.pid) === holder.started;
  try {
    kill(holder.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Makes the file, which only one can do. */
function claim(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify({ pid, started: startOf(pid) }), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; undefined where it is dead or the file is gone. */
function livingHolder(path: string): Holder | 'unknown' | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    if (text === '') return Date.now() - statSync(path).mtimeMs < TORN_MS ? 'unknown' : undefined;
    const holder = JSON.parse(text) as Holder;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Removes a dead process's lock. Under a lock of its own: the second of two would else remove the first one's new lock. */
function bury(path: string): void {
  const spade = `${path}.bury`;
  if (!claim(spade)) {
    if (Date.now() - (statSync(spade, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > TORN_MS)
      rmSync(spade, { force: true });
    return;
  }
  if (livingHolder(path) === undefined) rmSync(path, { force: true });
  rmSync(spade, { force: true });
}

/** Holds the file at `path` until disposed. Waits up to `waitMs` for a living holder, then throws CHAOS_STORE_BUSY. */
export async function takeLock(path: string, waitMs: number, clock: Clock = systemClock): Promise<Disposable> {
  mkdirSync(dirname(path), { recursive: true });
  const until = clock.now() + waitMs;
  while (!claim(path)) {
    const holder = livingHolder(path);
    if (holder === undefined) bury(path);
    if (clock.now() >= until) throw busy(path, holder);
    await clock.sleep(POLL_MS);
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function busy(path: string, holder: Holder | 'unknown' | undefined): ChaosError {
  const who = typeof holder === 'object' ? `process ${holder.pid}` : 'another process';
  return new ChaosError('CHAOS_STORE_BUSY', {
    what: `the results database is in use by ${who}`,
    hint: `Wait for it and run \`chaos report latest\`; the run's folder is complete. Its lock is ${path}.`,
    exit: 'not-ready',
  });
}
