import { exponential, seededRandom } from '../core/random.ts';
import { withTail, type Arrivals } from '../core/load/arrivals.ts';
import type { Mix } from './mix.ts';
import type { PreparedRequest } from './request.ts';

/** What is to be sent, and when: an absolute plan that follows from the seed alone and is deaf to how answers come in. */
export interface Stream {
  /** Milliseconds after the start at which the next request is due, never less than the one before; Infinity after the last. */
  readonly due: number;
  /** The request that is due then; the one after it is next. */
  take(): PreparedRequest;
}

/** The moments of open arrivals: those at which the integral of the rate reaches 0, 1, 2, ... or, for Poisson, a random walk. */
export class Schedule {
  readonly #stages: Arrivals['stages'];
  readonly #limitMs: number;
  readonly #step: () => number;
  #stage = 0;
  /** When the stage began, and what the integral was then. */
  #begun = 0;
  #before = 0;
  /** The integral at the next arrival. */
  #target: number;
  due: number;

  /** Nothing is due at `limitMs` or later. */
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

  /** Solves integral(t) = target: within a stage the integral is a parabola, with the root in its stable form. */
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

/** Open arrivals from nobody in particular. */
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
