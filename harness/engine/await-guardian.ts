import type { Clock } from '../core/clock.ts';
import { isAlive } from '../core/process-id.ts';
import type { Lock, LockState } from './lock.ts';

/** A guardian is given this long to put everything back, milliseconds: longer, and it is frozen, or hangs. */
const HEALING_MS = 90_000;
const LOOK_MS = 300;

/**
 * While a dead run's guardian puts things back it is waited for; one that does not come to its end is ended (SIGKILL ends a
 * stopped process, too), so that whoever asks can heal in its place. Answers the state in which nobody is healing.
 */
export async function awaitGuardian(lock: Lock, clock: Clock, say: (text: string) => void): Promise<LockState> {
  const until = clock.now() + HEALING_MS;
  for (let told = false; ; told = true) {
    const state = lock.read();
    if (state.state !== 'healing') return state;
    const { run, guardian } = state.holder;
    if (!told) say(`waiting: the guardian of run ${run} is putting everything back`);
    if (clock.now() > until && guardian !== undefined && isAlive(guardian)) {
      say(`the guardian of run ${run} has not come to its end in ${HEALING_MS / 1_000} s: it is ended`);
      process.kill(guardian.pid, 'SIGKILL');
    }
    await clock.sleep(LOOK_MS);
  }
}
