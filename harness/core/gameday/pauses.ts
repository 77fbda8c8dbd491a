import type { InjectState } from './inject-state.ts';

/** A stretch in which the day was paused. `to`: undefined while it is. Epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly to?: number;
}

/** Returns how long the day was paused between two moments, milliseconds. */
export const pausedMs = (pauses: readonly Pause[], from: number, to: number): number =>
  pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to ?? to) - Math.max(from, pause.from)), 0);

/**
 * Returns when the time of an inject is over, epoch milliseconds: pauses do not count, and beyond its longest time nothing
 * does. Undefined while its failure is not in force. `now` matters only within a pause.
 */
export function dueAt(
  { plan, injected, extendedMs }: InjectState,
  pauses: readonly Pause[],
  now: number,
): number | undefined {
  if (injected === undefined) return undefined;
  const asked = plan.boxMs + extendedMs + pausedMs(pauses, injected, now);
  return injected + Math.min(asked, plan.mostMs);
}
