import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { holdLock } from '../disk/lock.ts';
import type { Say } from './step.ts';

/**
 * Milliseconds to wait for another set-up. A first set-up takes about five minutes, so a set-up that has not ended
 * after this time hangs.
 */
const WAIT_MS = 30 * 60_000;

/**
 * Runs one set-up at a time in a clone. A second set-up waits for the first, and takes over the lock of a set-up that
 * is dead.
 */
export async function withSetupLock<T>(root: string, say: Say, work: () => Promise<T>): Promise<T> {
  const path = join(root, '.chaos', 'locks', 'setup');
  using _lock = await holdLock(path, {
    waitMs: WAIT_MS,
    clock: systemClock,
    onWait: ({ pid }) => say(`  set-up: waiting for another set-up (process ${pid})`),
    busy: (holder) =>
      new ChaosError('CHAOS_SETUP_STEP', {
        what: `another set-up (process ${holder?.pid ?? 'unknown'}) has not ended in ${WAIT_MS / 60_000} minutes`,
        hint: 'Read .chaos/setup.log. End that process, and run this again.',
        exit: 'not-ready',
      }),
  });
  return await work();
}
