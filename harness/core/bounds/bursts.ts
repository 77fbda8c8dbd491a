import { solveRising, studentQuantile } from './distributions.ts';
import { proportionBounds } from '../stats.ts';

/** How the 1s come together in a list of 0s and 1s in the order of their time. */
export interface Bursts {
  /**
   * The length of the bursts in which the 1s come: the variance of their number, divided by the variance of as many
   * independent values (the design effect; Kish, Survey Sampling, 1965). 1 when the 1s are independent. When all bursts
   * are equally long, it is their length. When their lengths differ, long bursts count more: it is the mean of the
   * squared lengths, divided by the mean length.
   */
  readonly length: number;
  /** Degrees of freedom of the estimate `length`. Infinity when `length` is 1. */
  readonly freedom: number;
}

const ALONE: Bursts = { length: 1, freedom: Infinity };

/** A block has at most a sixteenth of the values. With fewer blocks, independent 1s can look like bursts by chance. */
const LEAST_BLOCKS = 16;
/**
 * Blocks that overlap by half have 4/3 times as many degrees of freedom as blocks that do not overlap (Welch,
 * Simulation 48, 1987).
 */
const OVERLAP_GAIN = 4 / 3;

/**
 * Returns how the 1s come together. Counts the 1s in blocks of 2, 4, 8 ... values that overlap by half, in a circle, and
 * takes the block length at which the counts vary most, compared with independent values. Overlapping batches: Meketon
 * and Schmeiser, Proceedings of the Winter Simulation Conference, 1984.
 *
 * Bursts that are longer than the longest block, and bursts that did not come while the values were recorded, cannot
 * be seen.
 */
export function burstsOf(flags: ArrayLike<number>): Bursts {
  const sums = sumsFor(flags.length);
  for (let i = 0; i < flags.length; i += 1) sums[i] = flags[i] as number;
  return burstsIn(sums, flags.length);
}

/** Returns how the values above a limit come together: `burstsOf` with a 1 for each. */
export function burstsAbove(values: ArrayLike<number>, limit: number): Bursts {
  const sums = sumsFor(values.length);
  for (let i = 0; i < values.length; i += 1) sums[i] = (values[i] as number) > limit ? 1 : 0;
  return burstsIn(sums, values.length);
}

/** Returns how the values that are at least a limit come together. */
export function burstsFrom(values: ArrayLike<number>, limit: number): Bursts {
  const sums = sumsFor(values.length);
  for (let i = 0; i < values.length; i += 1) sums[i] = (values[i] as number) >= limit ? 1 : 0;
  return burstsIn(sums, values.length);
}

/**
 * The bounds of one percentile ask for bursts some twenty times, and a phase may have a million values. So the memory for
 * the sums is kept: anew each time, it would be hundreds of megabytes before the collector comes.
 */
let kept = new Int32Array(0);
function sumsFor(length: number): Int32Array {
  if (kept.length < length) kept = new Int32Array(length);
  return kept;
}

/** `sums` begins with `count` 0s and 1s, and is used up. */
function burstsIn(sums: Int32Array, count: number): Bursts {
  let ones = 0;
  for (let i = 0; i < count; i += 1) ones += sums[i] as number;
  if (ones === 0 || ones === count) return ALONE;
  const share = ones / count;
  let found = ALONE;
  let halves: Halves = { sums, length: count, size: 1, last: 1 };
  for (; count / (2 * halves.size) >= LEAST_BLOCKS; halves = doubled(halves)) {
    const block = 2 * halves.size;
    // The counts are compared with the mean of the same values and not with the true mean, which makes them vary less.
    // The divisor corrects this.
    const length = dispersion(halves, share) / (1 - block / count);
    if (length > found.length) found = { length, freedom: OVERLAP_GAIN * (count / block - 1) };
  }
  return found;
}

/** The values in `length` stretches of `size` values, each with its sum. The last has `last` values, at most `size`. */
interface Halves {
  readonly sums: Int32Array;
  readonly length: number;
  readonly size: number;
  readonly last: number;
}

/**
 * Returns the variance of the sums of two neighbours, divided by the variance of as many independent values. The last
 * stretch and the first are neighbours too: so every value counts twice.
 */
function dispersion({ sums, length, size, last }: Halves, share: number): number {
  const off = (a: number, b: number, values: number): number => (a + b - values * share) ** 2;
  const end = length - 1;
  const mean = 2 * size * share;
  let squares = 0;
  for (let i = 1; i < end; i += 1) {
    const difference = (sums[i - 1] as number) + (sums[i] as number) - mean;
    squares += difference * difference;
  }
  squares += off(sums[end - 1] as number, sums[end] as number, size + last);
  squares += off(sums[end] as number, sums[0] as number, size + last);
  const values = end * size + last;
  return squares / (2 * values * share * (1 - share));
}

/** Joins the stretches in pairs, in their own memory. The last one of an odd number stays alone. */
function doubled({ sums, length, size, last }: Halves): Halves {
  const pairs = length >> 1;
  for (let i = 0; i < pairs; i += 1) sums[i] = (sums[2 * i] as number) + (sums[2 * i + 1] as number);
  const alone = length % 2 === 1;
  if (alone) sums[pairs] = sums[length - 1] as number;
  return { sums, length: pairs + (alone ? 1 : 0), size: 2 * size, last: alone ? last : size + last };
}

/** Quantiles of t by confidence and degrees of freedom. They are kept because they are needed often. */
const quantiles = new Map<string, number>();
function quantile(confidence: number, freedom: number): number {
  const key = `${confidence} ${freedom}`;
  const known = quantiles.get(key) ?? studentQuantile(confidence, freedom);
  quantiles.set(key, known);
  return known;
}
/** With so many degrees of freedom, t is the normal distribution to six digits. */
const NORMAL = 1e7;

/**
 * Returns the length by which a bound divides hits and trials. It is longer than the seen `length`, which is only an
 * estimate. The factor is the square of the t quantile divided by the normal quantile (Korn and Graubard, Survey
 * Methodology 24, 1998).
 */
export const cautiousLength = ({ length, freedom }: Bursts, confidence: number): number =>
  length === 1
    ? 1
    : length * (quantile(confidence, Math.max(1, Math.round(freedom))) / quantile(confidence, NORMAL)) ** 2;

/**
 * Returns the longest burst, in trials, for which `hits` of `trials` still show with this confidence that the share of
 * hits is below `limit`. 0 when they do not show it even for hits that are independent.
 *
 * With 0 hits and 95 % the result is about `trials × limit / 3`: longer bursts begin so seldom that a phase may well
 * see none.
 */
export function excludedBurst(hits: number, trials: number, limit: number, confidence = 0.95): number {
  const longest = (trials * Math.log1p(-limit)) / Math.log1p(-confidence);
  const upper = (length: number): number => proportionBounds(hits / length, trials / length, confidence).upper;
  if (longest < 1 || upper(1) >= limit) return 0;
  return Math.floor(hits === 0 ? longest : solveRising(upper, limit, 1, longest));
}
