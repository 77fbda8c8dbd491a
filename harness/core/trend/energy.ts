/** Where a stretch of values is best cut in two. */
export interface Split {
  /** The first value of the second part. */
  readonly at: number;
  /** How different the two parts are: the scaled energy distance, in the unit of the values. */
  readonly energy: number;
}

/**
 * Returns the cut of values[from, to) into two parts of at least `least` values between which the energy distance is greatest
 * (E-divisive: Matteson and James, JASA 109, 2014). Undefined when there are too few values. The distance sees every
 * difference between two distributions, and needs no assumption about either. Takes the square of the number of values.
 */
export function bestSplit(values: readonly number[], from: number, to: number, least: number): Split | undefined {
  const n = to - from;
  if (n < 2 * least) return undefined;
  // Sums of distances, as the cut moves from left to right: within the left part, within the right part, between them.
  let [left, right, between] = [0, distances(values, from, to), 0];
  let best: Split | undefined;
  for (let at = from + 1; at <= to - least; at += 1) {
    const moved = at - 1;
    const [toLeft, toRight] = [distancesTo(values, moved, from, moved), distancesTo(values, moved, at, to)];
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    const [a, b] = [at - from, to - at];
    if (a < least) continue;
    const energy = ((a * b) / n) * ((2 * between) / (a * b) - within(left, a) - within(right, b));
    if (best === undefined || energy > best.energy) best = { at, energy };
  }
  return best;
}

/** The mean distance between two of `n` values, from the sum over all pairs. */
const within = (sum: number, n: number): number => (n < 2 ? 0 : sum / ((n * (n - 1)) / 2));

function distancesTo(values: readonly number[], of: number, from: number, to: number): number {
  const value = values[of] ?? NaN;
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += Math.abs((values[i] ?? NaN) - value);
  return sum;
}

function distances(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += distancesTo(values, i, i + 1, to);
  return sum;
}
