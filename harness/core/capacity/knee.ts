/** What broke the objective at a rate. 'unknown': nobody could tell whether the objective held, so it counts as missed. */
export type Broke = 'latency' | 'errors' | 'unknown' | 'generator';

/**
 * How a step at one rate was judged. 'generator': the load generator itself was late or dropped requests, so the step
 * says nothing about the system.
 */
export type StepVerdict =
  | { readonly verdict: 'carries' }
  | { readonly verdict: 'does not carry'; readonly broke: 'latency' | 'errors' }
  | { readonly verdict: 'cannot tell' | 'generator' };

/** Rates are requests a second, above 0. */
export interface KneeOptions {
  /** The rate of the first step. */
  readonly fromPerS: number;
  /** No step is below this rate, or above `mostPerS`. */
  readonly leastPerS: number;
  readonly mostPerS: number;
  /** The search ends when the rate that fails is above the rate that is carried by at most this share: 0.1. */
  readonly ratio: number;
}

/** The step to try next. */
interface KneeStep {
  readonly ratePerS: number;
  /** The same rate was tried before without an answer: this time the step must last longer. */
  readonly longer: boolean;
}

/** What is known about the knee. Rates in requests a second. */
export interface Knee {
  /** The highest rate that was carried. Undefined when none was. */
  readonly carriesPerS: number | undefined;
  /** The lowest rate above it that the system did not carry. */
  readonly failsPerS: number | undefined;
  /** The rate above `carriesPerS` at which the generator failed, when it failed before the system. */
  readonly generatorPerS: number | undefined;
  /** What broke at the lowest rate that was not carried. */
  readonly broke: Broke | undefined;
  /**
   * bracket: the knee is between `carriesPerS` and `failsPerS`. at least: the highest allowed rate was carried.
   * generator: the knee is above `carriesPerS`, and this generator cannot show where. nothing: not even the lowest
   * allowed rate was carried. open: the search was not brought to its end.
   */
  readonly known: 'bracket' | 'at least' | 'generator' | 'nothing' | 'open';
}

/** Rates between two others are rounded to this many digits. */
const DIGITS = 4;

/**
 * The search for the largest rate that a system carries. It doubles the rate until a step fails, or halves it until a step
 * is carried, and then halves the distance between both. A step that gives no answer is repeated once, longer; without
 * an answer again, it counts as not carried. A rate at which the generator fails twice bounds the search too, and is
 * never taken for the system's limit.
 *
 * The search offers no load itself. The list of verdicts is its whole state: `told` makes the same search again.
 */
export class KneeSearch {
  readonly #o: KneeOptions;
  readonly #told: StepVerdict[] = [];
  #carries: number | undefined;
  #over: { readonly ratePerS: number; readonly broke: Broke } | undefined;
  /** The last step gave no answer. */
  #unanswered: number | undefined;

  /** `told`: the verdicts of an earlier search with the same options, in their order. */
  constructor(options: KneeOptions, told: readonly StepVerdict[] = []) {
    this.#o = options;
    for (const verdict of told) this.tell(verdict);
  }

  get told(): readonly StepVerdict[] {
    return this.#told;
  }

  /** Returns the step to try. Undefined when the search is over. Changes nothing. */
  next(): KneeStep | undefined {
    if (this.#unanswered !== undefined) return { ratePerS: this.#unanswered, longer: true };
    const ratePerS = this.#nextRate();
    return ratePerS === undefined ? undefined : { ratePerS, longer: false };
  }

  /** Takes the verdict of the step that `next` returns. Throws a TypeError when the search is over. */
  tell(judged: StepVerdict): void {
    const step = this.next();
    if (step === undefined) throw new TypeError('the search for the knee is over');
    const { ratePerS, longer } = step;
    this.#told.push(judged);
    const answered = judged.verdict === 'carries' || judged.verdict === 'does not carry';
    this.#unanswered = answered || longer ? undefined : ratePerS;
    if (judged.verdict === 'carries') this.#carries = ratePerS;
    else if (judged.verdict === 'does not carry') this.#over = { ratePerS, broke: judged.broke };
    else if (longer) this.#over = { ratePerS, broke: judged.verdict === 'generator' ? 'generator' : 'unknown' };
  }

  /** Returns what is known so far. */
  knee(): Knee {
    const over = this.#over;
    const byGenerator = over?.broke === 'generator';
    return {
      carriesPerS: this.#carries,
      failsPerS: byGenerator ? undefined : over?.ratePerS,
      generatorPerS: byGenerator ? over.ratePerS : undefined,
      broke: over?.broke,
      known: this.next() === undefined ? this.#end() : 'open',
    };
  }

  #end(): Knee['known'] {
    if (this.#over === undefined) return 'at least';
    if (this.#over.broke === 'generator') return 'generator';
    return this.#carries === undefined ? 'nothing' : 'bracket';
  }

  #nextRate(): number | undefined {
    const { fromPerS, leastPerS, mostPerS, ratio } = this.#o;
    const carries = this.#carries;
    const over = this.#over?.ratePerS;
    if (over === undefined) {
      if (carries === undefined) return Math.min(mostPerS, Math.max(leastPerS, fromPerS));
      return carries >= mostPerS ? undefined : Math.min(mostPerS, carries * 2);
    }
    if (carries === undefined) return over <= leastPerS ? undefined : Math.max(leastPerS, over / 2);
    if (over <= carries * (1 + ratio)) return undefined;
    const middle = Number(((carries + over) / 2).toPrecision(DIGITS));
    return middle > carries && middle < over ? middle : undefined;
  }
}
