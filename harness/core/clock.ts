import { setTimeout as delay } from 'node:timers/promises';

/** Time as a value, so that tests need not wait. */
export interface Clock {
  /** Epoch milliseconds with fractions; monotonic within a process (a stepped wall clock does not move it). */
  now(): number;
  /** Epoch milliseconds by the wall clock, which somebody may step. */
  wall(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wall: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
  },
};

export const iso = (epochMs: number): string => new Date(epochMs).toISOString();
