import { namedRandom } from '../random.ts';
import { type Interval, KneeBelief, type Outcome } from './knee-belief.ts';

/** What limits a system: its objective, its processors, or a pool of connections that is used up. */
export type Limit = 'latency' | 'errors' | 'cpu' | 'pool';

/** What broke the objective at a rate. 'unknown': nobody could tell whether the objective held, so it counts as missed. */
export type Broke = Limit | 'unknown' | 'generator';

/**
 * How a step at one rate was judged. 'generator': the load generator itself was late or dropped requests, so the step
 * says nothing about the system.
 */
export type StepVerdict = (
  | { readonly verdict: 'carries' }
  | { readonly verdict: 'does not carry'; readonly broke: Limit }
  | { readonly verdict: 'cannot tell' | 'generator' }
) & {
  /** The limits that were exceeded, by the measured values alone and not by their bounds. Absent: only the verdict counts. */
  readonly over?: readonly Limit[];
  /** When the step ended, seconds from the beginning of the search. Absent: the system does not change meanwhile. */
  readonly atS?: number;
};

/** Rates are requests a second, above 0. */
export interface KneeOptions {
  /** The rate of the first step. */
  readonly fromPerS: number;
  /** No step is below this rate, or above `mostPerS`. */
  readonly leastPerS: number;
  readonly mostPerS: number;
  /** The search ends when the rate that fails is above the rate that is carried by at most this share: 0.1. */
  readonly ratio: number;
  /** How the knee is confirmed when it is between two rates. Absent: it is not, and has no interval. */
  readonly confirm?: Confirm;
}

export interface Confirm {
  /** So many further steps are tried at least, and at most. */
  readonly least: number;
  readonly most: number;
  /** No further step is tried when the upper end of the interval is above the lower end by at most this share: 0.05. */
  readonly width: number;
  /** The probability with which the interval holds the knee: 0.9. */
  readonly confidence: number;
  /** The same seed tries the same rates after the same verdicts. */
  readonly seed: number;
}

/** The step to try next. */
interface KneeStep {
  readonly ratePerS: number;
  /** The step must last longer: the same rate was tried before without an answer, or the step confirms the knee. */
  readonly longer: boolean;
}

/** The knee of one limit. */
export interface LimitKnee extends Interval {
  readonly limit: Limit;
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
  /** Where the knee is now, when it was confirmed. */
  readonly interval?: Interval;
  /** The knees of the limits that were exceeded, the lowest first: that limit breaks first. */
  readonly limits?: readonly LimitKnee[];
}

/** Rates between two others are rounded to this many digits. */
const DIGITS = 4;

/**
 * The search for the largest rate that a system carries. It doubles the rate until a step fails, or halves it until a step
 * is carried, and then halves the distance between both. A step that gives no answer is repeated once, longer; without
 * an answer again, it counts as not carried. A rate at which the generator fails twice bounds the search too, and is
 * never taken for the system's limit.
 *
 * When `confirm` asks for it, the knee is then looked for again and again where it is probable (see `KneeBelief`): each
 * further step tries a rate that is drawn from what is believed by then.
 *
 * The search offers no load itself. The list of verdicts is its whole state: `told` makes the same search again.
 */
export class KneeSearch {
  readonly #o: KneeOptions;
  readonly #told: StepVerdict[] = [];
  /** The rate of each verdict, and whether its step was a long one. */
  readonly #tried: KneeStep[] = [];
  #carries: number | undefined;
  #over: { readonly ratePerS: number; readonly broke: Broke } | undefined;
  /** The last step gave no answer. */
  #unanswered: number | undefined;
  /** What is believed about the knee. Undefined before it is between two rates. */
  #belief: KneeBelief | undefined;
  #confirmed = 0;
  #next: KneeStep | undefined;

  /** `told`: the verdicts of an earlier search with the same options, in their order. */
  constructor(options: KneeOptions, told: readonly StepVerdict[] = []) {
    this.#o = options;
    this.#next = this.#step();
    for (const verdict of told) this.tell(verdict);
  }

  get told(): readonly StepVerdict[] {
    return this.#told;
  }

  /** Returns the step to try. Undefined when the search is over. Changes nothing. */
  next(): KneeStep | undefined {
    return this.#next;
  }

  /** Takes the verdict of the step that `next` returns. Throws a TypeError when the search is over. */
  tell(judged: StepVerdict): void {
    const step = this.#next;
    if (step === undefined) throw new TypeError('the search for the knee is over');
    this.#told.push(judged);
    this.#tried.push(step);
    if (this.#belief === undefined) this.#bracket(step, judged);
    else this.#confirm(step, judged, this.#belief);
    this.#next = this.#step();
  }

  /** Returns what is known so far. */
  knee(): Knee {
    const over = this.#over;
    const byGenerator = over?.broke === 'generator';
    const { confirm } = this.#o;
    const isConfirmed = this.#belief !== undefined && this.#confirmed > 0 && confirm !== undefined;
    return {
      carriesPerS: this.#carries,
      failsPerS: byGenerator ? undefined : over?.ratePerS,
      generatorPerS: byGenerator ? over.ratePerS : undefined,
      broke: over?.broke,
      known: this.#next === undefined ? this.#end() : 'open',
      ...(isConfirmed && this.#belief !== undefined
        ? { interval: this.#belief.interval(confirm.confidence), limits: this.#limits(confirm.confidence) }
        : {}),
    };
  }

  #step(): KneeStep | undefined {
    if (this.#belief !== undefined) return this.#confirming(this.#belief);
    if (this.#unanswered !== undefined) return { ratePerS: this.#unanswered, longer: true };
    const ratePerS = this.#nextRate();
    if (ratePerS !== undefined) return { ratePerS, longer: false };
    this.#belief = this.#believed(() => true);
    return this.#belief === undefined ? undefined : this.#confirming(this.#belief);
  }

  #bracket({ ratePerS, longer }: KneeStep, judged: StepVerdict): void {
    const answered = judged.verdict === 'carries' || judged.verdict === 'does not carry';
    this.#unanswered = answered || longer ? undefined : ratePerS;
    if (judged.verdict === 'carries') this.#carries = ratePerS;
    else if (judged.verdict === 'does not carry') this.#over = { ratePerS, broke: judged.broke };
    else if (longer) this.#over = { ratePerS, broke: judged.verdict === 'generator' ? 'generator' : 'unknown' };
  }

  #confirm(step: KneeStep, judged: StepVerdict, belief: KneeBelief): void {
    this.#confirmed += 1;
    const outcome = outcomeOf(step, judged, () => true);
    if (outcome !== undefined) belief.learn(outcome);
  }

  #confirming(belief: KneeBelief): KneeStep | undefined {
    const { confirm, leastPerS, mostPerS } = this.#o;
    if (confirm === undefined || this.#confirmed >= confirm.most) return undefined;
    const { low, high } = belief.interval(confirm.confidence);
    if (this.#confirmed >= confirm.least && high <= low * (1 + confirm.width)) return undefined;
    const drawn = belief.draw(namedRandom(confirm.seed, `confirm ${this.#confirmed}`));
    return { ratePerS: Number(Math.min(mostPerS, Math.max(leastPerS, drawn)).toPrecision(DIGITS)), longer: true };
  }

  /** Returns what is believed after all steps about the limits that `counts` names. Undefined when the knee is not between two rates. */
  #believed(counts: (limit: Limit) => boolean): KneeBelief | undefined {
    if (this.#o.confirm === undefined || this.#carries === undefined) return undefined;
    if (this.#over === undefined || this.#over.broke === 'generator') return undefined;
    const belief = new KneeBelief(this.#carries, this.#over.ratePerS);
    for (const [i, step] of this.#tried.entries()) {
      const outcome = outcomeOf(step, this.#told[i], counts);
      if (outcome !== undefined) belief.learn(outcome);
    }
    return belief;
  }

  #limits(confidence: number): readonly LimitKnee[] {
    const exceeded = new Set(this.#told.flatMap((judged) => overOf(judged) ?? []));
    return [...exceeded]
      .flatMap((limit) => {
        const belief = this.#believed((one) => one === limit);
        return belief === undefined ? [] : [{ limit, ...belief.interval(confidence) }];
      })
      .toSorted((a, b) => a.ratePerS - b.ratePerS);
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

/** Steps that are not long vary by so much more: a long step lasts three times as long. */
const SHORT = Math.sqrt(3);

/** Returns the limits that were exceeded. Undefined when the step says nothing about the system. */
function overOf(judged: StepVerdict): readonly Limit[] | undefined {
  if (judged.verdict === 'generator') return undefined;
  if (judged.over !== undefined) return judged.over;
  if (judged.verdict === 'carries') return [];
  return judged.verdict === 'does not carry' ? [judged.broke] : undefined;
}

function outcomeOf(
  { ratePerS, longer }: KneeStep,
  judged: StepVerdict | undefined,
  counts: (limit: Limit) => boolean,
): Outcome | undefined {
  const over = judged === undefined ? undefined : overOf(judged);
  if (over === undefined) return undefined;
  const isOver = over.some(counts);
  const sure = judged?.verdict === (isOver ? 'does not carry' : 'carries');
  return { ratePerS, over: isOver, sure, atS: judged?.atS ?? 0, vary: longer ? 1 : SHORT };
}
