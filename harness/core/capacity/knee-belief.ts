import type { Random } from '../random.ts';

/** Where a knee is, requests a second. */
export interface Interval {
  readonly ratePerS: number;
  readonly low: number;
  readonly high: number;
  /** The interval holds the knee with this probability. */
  readonly confidence: number;
}

/** One step, as far as the belief needs it. */
export interface Outcome {
  readonly ratePerS: number;
  readonly over: boolean;
  /** The bounds of the step say the same as its measured value. */
  readonly sure: boolean;
  /** When the step ended, seconds from the beginning of the search. */
  readonly atS: number;
  /** How much more the figures of the step vary than those of a long step: 1 for a long step. */
  readonly vary: number;
}

/** The belief reaches beyond the two rates by this factor on each side. */
const BEYOND = Math.exp(0.15);
const PLACES = 121;
/** How sharp a knee is: the standard deviation of ln(rate) at which a step is found to be over. A cliff has the least. */
const SHARPNESS = Array.from({ length: 10 }, (_, i) => 0.001 * (0.12 / 0.001) ** (i / 9));
/**
 * How fast the knee moves: ln(rate) an hour. A leak makes it fall, and a cache that fills up makes it rise. Nothing in a search of
 * ten minutes tells a slow drift from none: a drift of 8 % an hour moves the knee by 1.5 %, as far as one step varies. So no
 * speed is preferred, and above all not 0. A fall may be faster than a rise: caches are warm before the first step. A system that
 * lost more than a fifth of its capacity in an hour would not last for the day that it is certified for.
 */
const DRIFTS: readonly number[] = [-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1];
/**
 * Where the outcomes of a step change, in standard deviations from the knee: from "under, for sure" to "under", from there to
 * "over", and from there to "over, for sure". The figures of a short step are skewed: a queue looks shorter than it is in more
 * than half of the steps, and its bounds are narrower then. The second row is what queues near their knee show in steps of 30 s
 * and 60 s; how skewed a system is, nobody knows.
 */
const EDGES: readonly (readonly [underForSure: number, over: number, overForSure: number])[] = [
  [-1.5, 0, 1.5],
  [-0.9, 0.15, 1.6],
  [-0.7, 0.3, 1.7],
];
/** The share of steps whose outcome has nothing to do with the rate: a stall of the host. */
const LAPSES = 0.02;

/** When fewer places than this hold nearly all of what is believed, the places are laid closer together. */
const CLOSE = 30;

/**
 * What is believed about a knee after some steps, by Bayes' rule on a grid. The probability that a step is over its limits
 * rises with its rate as the normal distribution does, around the knee, with an unknown sharpness: the psychometric function
 * of adaptive tests (Watson and Pelli, Perception & Psychophysics 33, 1983; Kontsevich and Tyler, Vision Research 39, 1999).
 * Only whether a step was over counts, and whether its bounds say so too, so a queue that grows slowly and a cliff are treated
 * alike: many steps that are not sure mean a knee that is not sharp. The knee may drift while the search goes on.
 */
export class KneeBelief {
  /** ln(rate) of the first place, and from one place to the next. */
  #from: number;
  #apart: number;
  readonly #outcomes: Outcome[] = [];
  /** By place, drift, sharpness, and what is sure, in this order. */
  #weights: Float64Array = uniform();

  /** The knee is somewhere around these two rates, each place equally probable before the first step. */
  constructor(carriesPerS: number, failsPerS: number) {
    const [from, to] = [Math.log(carriesPerS / BEYOND), Math.log(failsPerS * BEYOND)];
    [this.#from, this.#apart] = [from, (to - from) / (PLACES - 1)];
  }

  /** Takes the outcome of a step. The order of the steps does not matter. */
  learn(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    this.#weigh(outcome);
    const places = this.#places();
    const [low, high] = [quantile(places, 0.002), quantile(places, 0.998)];
    if (high - low >= CLOSE * this.#apart) return;
    [this.#from, this.#apart] = [2 * low - high - this.#apart, (3 * (high - low) + 2 * this.#apart) / (PLACES - 1)];
    this.#weights = uniform();
    for (const one of this.#outcomes) this.#weigh(one);
  }

  /** Returns the median and the equal-tailed interval of the knee, as it is after the last step. */
  interval(confidence: number): Interval {
    const places = this.#places();
    const at = (share: number): number => Math.exp(quantile(places, share));
    return { ratePerS: at(0.5), low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), confidence };
  }

  /** Draws a knee from what is believed. */
  draw(random: Random): number {
    return Math.exp(quantile(this.#places(), random()));
  }

  #weigh({ ratePerS, over, sure, atS, vary }: Outcome): void {
    const x = Math.log(ratePerS);
    const weights = this.#weights;
    let [i, most] = [0, 0];
    for (let place = 0; place < PLACES; place += 1)
      for (const perHour of DRIFTS) {
        const beyond = x - this.#from - place * this.#apart - (perHour * atS) / 3_600;
        for (const sharpness of SHARPNESS) {
          const z = beyond / (sharpness * vary);
          for (const edges of EDGES) {
            const weight = (weights[i] as number) * (LAPSES / 4 + (1 - LAPSES) * probabilityOf(over, sure, z, edges));
            weights[i] = weight;
            if (weight > most) most = weight;
            i += 1;
          }
        }
      }
    // So that no weight becomes too small for a number.
    for (let j = 0; j < weights.length; j += 1) weights[j] = (weights[j] as number) / most;
  }

  /** The values of ln(knee) after the last step, the lowest first, each with its probability. */
  #places(): readonly (readonly [value: number, probability: number])[] {
    const untilS = this.#outcomes.reduce((last, { atS }) => Math.max(last, atS), 0);
    const each = SHARPNESS.length * EDGES.length;
    const places: [number, number][] = [];
    let all = 0;
    for (let place = 0; place < PLACES; place += 1)
      for (const [d, perHour] of DRIFTS.entries()) {
        const first = (place * DRIFTS.length + d) * each;
        let sum = 0;
        for (let i = first; i < first + each; i += 1) sum += this.#weights[i] as number;
        places.push([this.#from + place * this.#apart + (perHour * untilS) / 3_600, sum]);
        all += sum;
      }
    return places.toSorted(([a], [b]) => a - b).map(([value, weight]) => [value, weight / all]);
  }
}

const uniform = (): Float64Array => new Float64Array(PLACES * DRIFTS.length * SHARPNESS.length * EDGES.length).fill(1);

/** Returns how probable an outcome is at a rate that is `z` standard deviations beyond the knee. */
function probabilityOf(
  over: boolean,
  sure: boolean,
  z: number,
  [underForSure, middle, overForSure]: (typeof EDGES)[number],
): number {
  if (over) return sure ? below(z - overForSure) : below(z - middle) - below(z - overForSure);
  return sure ? below(underForSure - z) : below(middle - z) - below(underForSure - z);
}

/** Interpolates between places: each probability counts half below its value and half above. */
function quantile(places: readonly (readonly [value: number, probability: number])[], share: number): number {
  let [below, last] = [0, places[0]?.[0] ?? NaN];
  let reached = 0;
  for (const [value, probability] of places) {
    const middle = below + probability / 2;
    if (middle >= share) {
      return middle === reached ? value : last + ((value - last) * (share - reached)) / (middle - reached);
    }
    [reached, last] = [middle, value];
    below += probability;
  }
  return last;
}

/** The normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function below(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))) *
    Math.exp(-(z * z) / 2) *
    0.3989422804014327;
  return z >= 0 ? 1 - tail : tail;
}
