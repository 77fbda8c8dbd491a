import { setTimeout as delay } from 'node:timers/promises';

/** The source of time. A test gives a clock of its own and does not wait. */
export interface Clock {
  /** Epoch milliseconds with fractions. Monotonic within a process: a step of the wall clock does not change it. */
  now(): number;
  /** Epoch milliseconds of the wall clock. Somebody may set that clock meanwhile. */
  wall(): number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wall: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an error of its own, which holds the reason as its cause.
      signal?.throwIfAborted();
      throw error;
    }
  },
};

export const iso = (epochMs: number): string => new Date(epochMs).toISOString();
