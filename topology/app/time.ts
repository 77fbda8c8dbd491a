/** The clock that the service runs by; tests bring their own. Milliseconds. */
export interface Time {
  now(): number;
  /** Calls once after ms (never if Infinity); the answer takes it back. */
  after(ms: number, call: () => void): () => void;
}

export const monotonic: Time = {
  now: () => performance.now(),
  after(ms, call) {
    if (ms === Infinity) return () => undefined;
    // Once round the loop before the call: when the process was held up, answers lie unread in the sockets, and timers
    // come before sockets.
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

/** The promise's value, or TIMED_OUT after ms. The promise itself goes on: the caller must say what becomes of it. */
export function within<T>(time: Time, promise: Promise<T>, ms: number): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(ms, () => resolve(TIMED_OUT));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** When a request must have been answered. */
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
