import { type Counted, DOWN_SHARE } from './counted.ts';

/** The length of a slot, milliseconds. Phases last tens of seconds, so that a minute would be too coarse. */
const SLOT_MS = 10_000;

/** Whole milliseconds, as seconds. */
const inSeconds = (ms: number): number => Math.round(ms) / 1_000;

/** Counts the requests of a stretch of time, in slots of ten seconds. */
export class Tally {
  readonly #from: number;
  readonly #to: number;
  readonly #slots = new Map<number, { requests: number; errors: number }>();
  #requests = 0;
  #errors = 0;

  /** `from`, `to`: epoch milliseconds. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = Math.max(from, to);
  }

  add(t: number, failed: boolean): void {
    const place = Math.floor((Math.max(t, this.#from) - this.#from) / SLOT_MS);
    const slot = this.#slots.get(place) ?? { requests: 0, errors: 0 };
    slot.requests += 1;
    this.#requests += 1;
    if (failed) {
      slot.errors += 1;
      this.#errors += 1;
    }
    this.#slots.set(place, slot);
  }

  get counted(): Counted {
    const down = [...this.#slots].reduce((sum, [place, { requests, errors }]) => {
      if (errors < requests * DOWN_SHARE) return sum;
      const begins = this.#from + place * SLOT_MS;
      return sum + Math.max(0, Math.min(begins + SLOT_MS, this.#to) - begins);
    }, 0);
    return {
      observed_s: inSeconds(this.#to - this.#from),
      requests: this.#requests,
      errors: this.#errors,
      down_s: inSeconds(down),
    };
  }
}
