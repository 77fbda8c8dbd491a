import type { Clock } from '../../../harness/core/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock whose time passes only when the test says so. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now = (): number => this.#now;
  wall = (): number => this.#now;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + Math.max(0, ms), wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
        reject(signal.reason as Error);
      });
    });
  };

  /** Lets `ms` milliseconds pass. Wakes sleepers in the order of their times; each runs before the next one wakes. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.#now = next.at;
      this.#sleepers = this.#sleepers.filter((s) => s !== next);
      next.wake();
    }
    this.#now = until;
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass in steps of `stepMs` milliseconds until the work has ended, and returns its result. */
  async through<T>(work: Promise<T>, stepMs = 500): Promise<T> {
    const state = { over: false };
    const settle = (): void => void (state.over = true);
    work.then(settle, settle);
    while (!state.over) await this.advance(stepMs);
    return work;
  }
}
