import { Overload } from './overload.ts';
import type { Time } from './time.ts';

interface Waiting {
  readonly since: number;
  readonly serve: () => void;
  readonly refuse: () => void;
}

/** At most `size` holders at a time; the others wait their turn. */
export class Semaphore {
  #next: 'oldest' | 'newest' = 'oldest';
  readonly #overload = new Overload();
  readonly #time: Time;
  #size: number;
  /** May be above the size for a while after the size became smaller. */
  #held = 0;
  readonly #queue: Waiting[] = [];

  constructor(time: Time, size: number) {
    this.#time = time;
    this.#size = size;
  }

  /**
   * Who is next. With more load than can be served, the newest first keeps some in time, and those who wait too long are
   * refused; the oldest first would serve everybody too late.
   */
  set next(next: 'oldest' | 'newest') {
    this.#next = next;
    this.#overload.reset();
  }

  /** Sets the number of places. Every holder keeps its place. */
  resize(size: number): void {
    this.#size = size;
    this.#serve();
  }

  /**
   * Resolves with a function that gives the place back (once), or with undefined when no place came free within `ms`, or
   * when too many come.
   */
  async acquire(ms: number): Promise<(() => void) | undefined> {
    if (this.#held < this.#size) {
      this.#held += 1;
      return this.#once();
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const end = (served: boolean): void => {
      cancel();
      resolve(served);
    };
    const waiting = { since: this.#time.now(), serve: () => end(true), refuse: () => end(false) };
    const cancel = this.#time.after(ms, () => {
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      resolve(false);
    });
    this.#queue.push(waiting);
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
      const next = this.#next === 'oldest' ? this.#queue.shift() : this.#queue.pop();
      if (!next) break;
      this.#held += 1;
      next.serve();
    }
    if (this.#next === 'newest') this.#refuse();
  }

  /** Refuses those who wait too long when too many come. The oldest are the first in the queue. */
  #refuse(): void {
    const now = this.#time.now();
    const patience = this.#overload.patience(now, this.#queue.length);
    while (now - (this.#queue[0]?.since ?? now) > patience) {
      this.#queue.shift()?.refuse();
      this.#overload.refused(now);
    }
  }
}
