import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../core/world.ts';
import { heldBy, type Lock } from '../engine/lock.ts';
import { healLeftover } from './heal-leftover.ts';

const HEALING_MS = 90_000;

/** Makes the topology free: waits for a guardian that is healing, heals what a dead run left; CHAOS_RUN_ACTIVE when a run lives. */
export async function takeOver(lock: Lock, world: World): Promise<void> {
  const until = Date.now() + HEALING_MS;
  for (let told = false; ;) {
    const state = lock.read();
    if (state.state === 'free') return;
    if (state.state === 'running' || (state.state === 'healing' && Date.now() > until)) throw heldBy(state);
    if (state.state === 'left') {
      world.err.write(`healing what run ${state.holder.run} left behind\n`);
      await healLeftover(state.holder, lock, world);
      return;
    }
    if (!told) world.err.write(`waiting: the guardian of run ${state.holder.run} is putting everything back\n`);
    told = true;
    await delay(300);
  }
}
