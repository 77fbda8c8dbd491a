import { exponential, seededRandom } from '../core/random.ts';
import { withTail, type Arrivals } from '../core/load/arrivals.ts';
import type { Mix } from './mix.ts';
import type { PreparedRequest } from './http/request.ts';

/** What to send, and when. The plan is absolute: the seed alone decides it, and answers do not change it. */
export interface Stream {
  /**
   * When the next request is due, in milliseconds after the start. It never decreases; Infinity after the last request.
   */
  readonly due: number;
  /** Returns the request that is due at `due`, and moves on to the next request. */
  take(): PreparedRequest;
}

/**
 * The moments of open arrivals. A constant process arrives when the integral of the rate reaches 0, 1, 2, ... A Poisson
 * process arrives when the integral reaches sums of exponential random steps.
 */
export class Schedule {
  readonly #stages: Arrivals['stages'];
  readonly #limitMs: number;
  readonly #step: () => number;
  #stage = 0;
  /** When the stage began, in milliseconds after the start. */
  #begun = 0;
  /** The integral at the beginning of the stage. */
  #before = 0;
  /** The integral at the next arrival. */
  #target: number;
  due: number;

  /** `limitMs`: milliseconds after the start; nothing is due then or later. */
  constructor({ process, stages }: Arrivals, limitMs: number, seed: number) {
    const random = seededRandom(seed);
    this.#stages = withTail(stages);
    this.#limitMs = limitMs;
    this.#step = process === 'constant' ? () => 1 : () => exponential(random());
    this.#target = process === 'constant' ? 0 : this.#step();
    this.due = this.#find();
  }

  advance(): void {
    this.#target += this.#step();
    this.due = this.#find();
  }

  /**
   * Solves integral(t) = target. Within a stage the integral is a parabola. The root is computed in the form that loses
   * no digits when the slope is small.
   */
  #find(): number {
    for (;;) {
      const stage = this.#stages[this.#stage];
      if (stage === undefined) return Infinity;
      const { ms, from, to } = stage;
      const whole = ms === 0 ? 0 : from === 0 && to === 0 ? 0 : (((from + to) / 2) * ms) / 1_000;
      const wanted = this.#target - this.#before;
      if (wanted < whole) {
        const slope = ms === Infinity ? 0 : ((to - from) / ms) * 1_000;
        const at = wanted === 0 ? 0 : (wanted * 2_000) / (from + Math.sqrt(from * from + 2 * slope * wanted));
        const due = this.#begun + at;
        return due < this.#limitMs ? due : Infinity;
      }
      this.#stage += 1;
      this.#begun += ms;
      this.#before += whole;
      if (this.#begun >= this.#limitMs) return Infinity;
    }
  }
}

/** Open arrivals that belong to no particular users. */
export class ArrivalStream implements Stream {
  readonly #schedule: Schedule;
  readonly #mix: Mix;

  constructor(schedule: Schedule, mix: Mix) {
    this.#schedule = schedule;
    this.#mix = mix;
  }

  get due(): number {
    return this.#schedule.due;
  }

  take(): PreparedRequest {
    this.#schedule.advance();
    return this.#mix.next();
  }
}
