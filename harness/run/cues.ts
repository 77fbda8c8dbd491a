import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { formatDuration } from '../core/duration.ts';

/**
 * The words of a person who directs a run while it goes on, as on a game day. With cues, the planned lengths of baseline and
 * fault are the longest.
 */
export interface Cues {
  /** Aborted when the baseline shall end and the first fault begin. */
  readonly inject: AbortSignal;
  /** Aborted when the fault phase shall end. */
  readonly heal: AbortSignal;
}

/**
 * Waits for the word to inject. Throws CHAOS_NO_CUE when `mostMs` are over: no fault begins without the word. Rejects when
 * `signal` is aborted.
 */
export async function untilCue({ inject }: Cues, mostMs: number, signal: AbortSignal, clock: Clock): Promise<void> {
  await clock.sleep(mostMs, AbortSignal.any([inject, signal])).catch(() => undefined);
  signal.throwIfAborted();
  if (inject.aborted) return;
  throw new ChaosError('CHAOS_NO_CUE', {
    what: `nobody gave the word to inject within ${formatDuration(mostMs)}`,
    hint: 'Nothing was broken. Arm the inject again when everybody is ready.',
    exit: 'not-ready',
  });
}
