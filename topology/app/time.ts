/** The clock that the service uses, in milliseconds. Tests bring their own. */
export interface Time {
  now(): number;
  /** Calls `call` once after `ms`, or never when `ms` is Infinity. The returned function cancels the call. */
  after(ms: number, call: () => void): () => void;
}

export const monotonic: Time = {
  now: () => performance.now(),
  after(ms, call) {
    if (ms === Infinity) return () => undefined;
    // The event loop goes round once before the call. After the process was held up, answers wait unread in the
    // sockets, and timers run before sockets are read.
    let immediate: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => (immediate = setImmediate(call)), ms);
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};

export const sleep = (time: Time, ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve));

export const TIMED_OUT = Symbol('timed out');

/**
 * Resolves with the promise's value, or with TIMED_OUT after `ms`. The promise itself goes on: the caller must handle
 * it.
 */
export function within<T>(time: Time, promise: Promise<T>, ms: number): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(ms, () => resolve(TIMED_OUT));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** The moment by which a request must be answered. */
export class Deadline {
  readonly #time: Time;
  readonly #at: number;

  constructor(time: Time, ms: number) {
    this.#time = time;
    this.#at = time.now() + ms;
  }

  /** Milliseconds, never negative; Infinity without a limit. */
  remaining(): number {
    return Math.max(0, this.#at - this.#time.now());
  }
}
