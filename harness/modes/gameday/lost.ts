import type { Clock } from '../../core/clock.ts';

/** The facilitator is asked for after so long without a sign of life, milliseconds. */
const ASK_MS = 60_000;
/** After so long without a sign of life everything is taken back, milliseconds. */
const GIVE_UP_MS = 90_000;

interface Missing {
  /** True while something is at work that a facilitator must watch. */
  readonly needed: () => boolean;
  /** `silent`: milliseconds since the last sign of life. */
  readonly asked: (silent: number) => void;
  readonly gone: (silent: number) => void;
  /** A sign of life came after somebody had asked. */
  readonly back: (silent: number) => void;
}

/**
 * Watches for signs of life of the facilitator while an inject is at work: after 60 s without one everybody asks, after 90 s
 * everything is taken back. A failure that nobody directs is no exercise any more.
 */
export class LostFacilitator implements Disposable {
  readonly #clock: Clock;
  readonly #missing: Missing;
  readonly #over = new AbortController();
  #last: number;
  #stage: 'there' | 'asked' | 'gone' = 'there';

  constructor(clock: Clock, missing: Missing) {
    this.#clock = clock;
    this.#missing = missing;
    this.#last = clock.now();
    void this.#watch();
  }

  /** A sign of life. */
  here(): void {
    const silent = this.#clock.now() - this.#last;
    this.#last = this.#clock.now();
    if (this.#stage !== 'there') this.#missing.back(silent);
    this.#stage = 'there';
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  async #watch(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const silent = this.#clock.now() - this.#last;
      this.#look(silent);
      const next = silent < ASK_MS ? ASK_MS - silent : silent < GIVE_UP_MS ? GIVE_UP_MS - silent : ASK_MS;
      // Somebody is needed from the moment at which an inject is armed, which is a sign of life itself.
      await this.#clock.sleep(next, this.#over.signal).catch(() => undefined);
    }
  }

  #look(silent: number): void {
    if (!this.#missing.needed()) return;
    if (this.#stage === 'there' && silent >= ASK_MS) {
      this.#stage = 'asked';
      this.#missing.asked(silent);
    }
    if (this.#stage === 'asked' && silent >= GIVE_UP_MS) {
      this.#stage = 'gone';
      this.#missing.gone(silent);
    }
  }
}
