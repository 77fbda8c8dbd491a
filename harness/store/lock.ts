import { type Clock, systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { holdLock } from '../disk/lock.ts';

/** Holds the embedded database for this process until disposed. Throws CHAOS_STORE_BUSY after `waitMs` milliseconds. */
export const takeLock = (path: string, waitMs: number, clock: Clock = systemClock): Promise<Disposable> =>
  holdLock(path, {
    waitMs,
    clock,
    busy: (holder) =>
      new ChaosError('CHAOS_STORE_BUSY', {
        what: `the results database is in use by ${holder === undefined ? 'another process' : `process ${holder.pid}`}`,
        hint: `Wait until it ends, then run \`chaos report latest\`. The run's folder is complete. The lock is ${path}.`,
        exit: 'not-ready',
      }),
  });
