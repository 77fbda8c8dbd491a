import type { Time } from './time.ts';

/** At most `size` holders at a time; the others wait their turn. */
export class Semaphore {
  /**
   * Who is next. With more load than can be served, the newest first keeps some in time, and the others give up; the
   * oldest first would serve everybody too late.
   */
  next: 'oldest' | 'newest' = 'oldest';
  readonly #time: Time;
  #size: number;
  /** May be above the size for a while after the size became smaller. */
  #held = 0;
  readonly #queue: (() => void)[] = [];

  constructor(time: Time, size: number) {
    this.#time = time;
    this.#size = size;
  }

  /** Sets the number of places. Every holder keeps its place. */
  resize(size: number): void {
    this.#size = size;
    this.#serve();
  }

  /**
   * Resolves with a function that gives the place back (once), or with undefined when no place came free within `ms`.
   */
  async acquire(ms: number): Promise<(() => void) | undefined> {
    if (this.#held < this.#size) {
      this.#held += 1;
      return this.#once();
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const turn = (): void => {
      giveUp();
      resolve(true);
    };
    const giveUp = this.#time.after(ms, () => {
      this.#queue.splice(this.#queue.indexOf(turn), 1);
      resolve(false);
    });
    this.#queue.push(turn);
    return (await promise) ? this.#once() : undefined;
  }

  #once(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#held -= 1;
      this.#serve();
    };
  }

  #serve(): void {
    while (this.#held < this.#size) {
      const next = this.next === 'oldest' ? this.#queue.shift() : this.#queue.pop();
      if (!next) return;
      this.#held += 1;
      next();
    }
  }
}
