import type { Clock } from '../core/clock.ts';
import { isAlive } from '../disk/process-id.ts';
import { type LockState, nameOf, type TopologyLock } from './topology-lock.ts';

/** A guardian has this long to put everything back, milliseconds. A guardian that takes longer is frozen or hangs. */
const HEALING_MS = 90_000;
/** Milliseconds between two readings of the lock. */
const POLL_MS = 300;

/**
 * Waits while the guardian of a dead session puts things back. A guardian that does not finish is killed (SIGKILL ends
 * a stopped process too), so that the caller can heal in its place. Returns a state in which nobody heals.
 */
export async function awaitGuardian(lock: TopologyLock, clock: Clock, say: (text: string) => void): Promise<LockState> {
  const until = clock.now() + HEALING_MS;
  for (let announced = false; ; announced = true) {
    const state = lock.read();
    if (state.state !== 'healing') return state;
    const { holder } = state;
    if (!announced) say(`waiting: the guardian of ${nameOf(holder)} is putting everything back`);
    if (clock.now() > until && holder.guardian !== undefined && isAlive(holder.guardian)) {
      say(`the guardian of ${nameOf(holder)} has not finished within ${HEALING_MS / 1_000} s, so it is killed`);
      process.kill(holder.guardian.pid, 'SIGKILL');
    }
    await clock.sleep(POLL_MS);
  }
}
