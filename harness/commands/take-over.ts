import { ChaosError } from '../core/errors.ts';
import type { World } from '../core/world.ts';
import { awaitGuardian } from '../engine/await-guardian.ts';
import { heldBy, type Lock, type LockHolder } from '../engine/lock.ts';
import { clock } from '../main.ts';
import { healLeftover } from './heal-leftover.ts';

/** Makes the topology free: waits for a guardian that is healing, heals what a dead run left; CHAOS_RUN_ACTIVE when a run lives. */
export async function takeOver(lock: Lock, world: World): Promise<void> {
  const state = await awaitGuardian(lock, clock, (text) => world.err.write(`${text}\n`));
  if (state.state === 'left') return heal(state.holder, lock, world);
  if (state.state !== 'free') throw heldBy(state);
}

/** The lock stays where something could not be put back: nothing begins over it. */
async function heal({ run, dir }: LockHolder, lock: Lock, world: World): Promise<void> {
  world.err.write(`healing what run ${run} left behind: it is dead, and so is its guardian\n`);
  const document = await healLeftover(dir, world);
  if (document?.restored === false) {
    const left = document.residue.map((r) => `${r.kind} ${r.target}`).join('; ');
    throw new ChaosError('CHAOS_RESIDUE', {
      what: `what run ${run} left behind could not be put back: ${left || 'the topology is not healthy'}`,
      hint: [...document.residue.map((r) => r.how_to_undo), 'chaos heal'].join('\n'),
      exit: 'not-restored',
    });
  }
  lock.release();
  world.err.write(`run ${run} is healed\n`);
}
