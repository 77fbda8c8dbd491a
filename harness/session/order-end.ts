import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Places } from './places.ts';
import type { LockHolder, TopologyLock } from './topology-lock.ts';

/** How often the lock of a topology is looked at until a run has ended, milliseconds. */
const LOOK_MS = 200;

/** Resolves when the run of the holder has ended, or the holder no longer holds the topology: true. Resolves with false when it still does after `withinMs`. */
export async function isEnded(
  lock: TopologyLock,
  { run }: Pick<LockHolder, 'run'>,
  withinMs: number,
  clock: Clock,
): Promise<boolean> {
  for (const until = clock.now() + withinMs; clock.now() < until; await clock.sleep(LOOK_MS)) {
    const state = lock.read();
    if (state.state === 'free' || state.state === 'left') return true;
    if (state.holder.run !== run || state.holder.idle === true) return true;
  }
  return false;
}

/**
 * Orders a run to end by the kill switch, as `chaos abort` does, and does not wait. Resolves when the run has ended and the
 * switch is off again; with false when the run still holds its topology after `withinMs`. Throws CHAOS_NO_RUN when the
 * run is not at work.
 */
export function orderEnd(
  places: Pick<Places, 'lock' | 'stop'> | undefined,
  run: string,
  withinMs: number,
  clock: Clock,
): Promise<boolean> {
  const state = places?.lock.read();
  if (places === undefined || state?.state !== 'running' || state.holder.run !== run || state.holder.idle === true) {
    throw new ChaosError('CHAOS_NO_RUN', {
      what: `run ${run} is not at work`,
      hint: '`chaos status` says what is at work, and what is left of earlier faults.',
      exit: 'bad-input',
    });
  }
  const { lock, stop } = places;
  // A switch that a person has left on ends this run, too.
  if (stop.held) return isEnded(lock, state.holder, withinMs, clock);
  stop.write({ run, since: new Date(clock.wall()).toISOString() });
  return isEnded(lock, state.holder, withinMs, clock).then((ended) => {
    if (stop.read()?.run === run) stop.remove();
    return ended;
  });
}
