import type { Time } from './time.ts';
import { sleep, TIMED_OUT, within } from './time.ts';

/** How many connections a pool may have: `most`, and all replicas together `shared`, or one each. */
export interface PoolShare {
  readonly most: number;
  readonly shared: number;
}

const SMALLEST = 1;

/** Returns the size of a pool of one replica, when there are `replicas` of them. */
export const poolSize = ({ most, shared }: PoolShare, replicas: number): number =>
  Math.max(SMALLEST, Math.min(most, Math.floor(shared / replicas)));

export interface PoolSizerOptions {
  readonly share: PoolShare;
  /** Resolves with the addresses of all replicas. */
  readonly resolve: () => Promise<readonly string[]>;
  readonly time: Time;
  /** Receives each new size, with the number of replicas that it follows from. */
  readonly onSize: (size: number, replicas: number) => void;
  /** Receives the error of a look that failed, once until a look succeeds. */
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds from the end of one look to the next, and the longest time of a look. */
const EVERY_MS = 1000;
/** With more replicas than this, each looks less often: all together so many times a second. */
const LOOKS_PER_S = 10;
/** So many answers decide. The highest number in them counts. */
const ANSWERS = 3;

/**
 * Looks every second how many replicas there are, more rarely when there are many, and tells the size of a pool. A replica shrinks its pool with the
 * first answer that has more replicas, and lets it grow only when three answers in a row agree. Until it has three
 * answers, its pool has the smallest size.
 *
 * So all replicas of a service together never have many more connections than they share, however they come and go. The
 * sum is highest when `old` replicas are there, and others come before the old ones have looked again: then it is
 * old × poolSize(old) + new × 1. For 8 at most, 40 shared and 50 replicas, that is 5 × 8 + 45 × 1 = 85 in a pool. A
 * replica whose looks fail keeps its size, and a connection in use closes only when its statement ends.
 */
export class PoolSizer {
  readonly #options: PoolSizerOptions;
  #answers: readonly number[] = [];
  #size = SMALLEST;
  #failing = false;
  #stopped = false;

  constructor(options: PoolSizerOptions) {
    this.#options = options;
  }

  /** The size that a pool may have now. */
  get size(): number {
    return this.#size;
  }

  /** The number of replicas in the last answer. 1 before the first answer. */
  get replicas(): number {
    return this.#answers.at(-1) ?? 1;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#look();
      await sleep(this.#options.time, EVERY_MS * Math.max(1, this.replicas / LOOKS_PER_S));
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #look(): Promise<void> {
    const { time, resolve, onFailure } = this.#options;
    try {
      const addresses = await within(time, resolve(), EVERY_MS);
      if (addresses === TIMED_OUT) throw new Error(`No answer within ${EVERY_MS} ms.`);
      this.#failing = false;
      this.#heed(new Set(addresses).size);
    } catch (error) {
      if (!this.#failing) onFailure(error);
      this.#failing = true;
    }
  }

  #heed(replicas: number): void {
    this.#answers = [...this.#answers, Math.max(1, replicas)].slice(-ANSWERS);
    if (this.#answers.length < ANSWERS || this.#stopped) return;
    const most = Math.max(...this.#answers);
    const size = poolSize(this.#options.share, most);
    if (size === this.#size) return;
    this.#size = size;
    this.#options.onSize(size, most);
  }
}
