/** Logarithm of the gamma function for x > 0 (Lanczos approximation, g = 7, nine coefficients; relative error under 1e-13). */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  const t = y + 7.5;
  const series = coefficients.reduce((sum, c, i) => (i === 0 ? c : sum + c / (y + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}

/** Continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 1_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Regularised incomplete beta function I_x(a, b), 0 <= x <= 1 (DLMF 8.17). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast on this side only; the other follows by symmetry.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/**
 * The x in [low, high] at which a rising function reaches `wanted`, by false position; the end that stays counts for half
 * each time, which keeps it from staying for good (Illinois method: Dowell and Jarratt, BIT 11, 1971).
 */
function solveRising(rising: (x: number) => number, wanted: number, low: number, high: number): number {
  let [below, above] = [low, high];
  let [under, over] = [wanted - rising(low), rising(high) - wanted];
  if (under <= 0) return low;
  if (over <= 0) return high;
  for (let i = 0; i < 200 && above - below > 1e-15 * Math.max(1, Math.abs(below)); i += 1) {
    const x = (below * over + above * under) / (under + over);
    // No number is left between it and an end: that end is it.
    if (x <= below) return below;
    if (x >= above) return above;
    const missing = wanted - rising(x);
    if (missing > 0) [below, under, over] = [x, missing, over / 2];
    else if (missing < 0) [above, over, under] = [x, -missing, under / 2];
    else return x;
  }
  return (below + above) / 2;
}

/** Lower and upper end of an interval. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Confidence of every bound that is not told otherwise, each side for itself. */
const CONFIDENCE = 0.95;

/**
 * Exact one-sided bounds of a proportion, `hits` of `trials` (Clopper and Pearson, 1934): 95 % each. 0 of 2,995 has an
 * upper bound just under 0.1 %. No trials: anything is possible.
 */
export function proportionBounds(hits: number, trials: number, confidence = CONFIDENCE): Bounds {
  if (trials === 0) return { lower: 0, upper: 1 };
  const alpha = 1 - confidence;
  const lower = hits === 0 ? 0 : solveRising((p) => incompleteBeta(p, hits, trials - hits + 1), alpha, 0, 1);
  const upper = hits === trials ? 1 : solveRising((p) => incompleteBeta(p, hits + 1, trials - hits), 1 - alpha, 0, 1);
  return { lower, upper };
}

/** Quantile of Student's t distribution: the t that a variable with `freedom` degrees stays below with probability `p` >= 0.5. */
export function studentQuantile(p: number, freedom: number): number {
  const below = (t: number): number => 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return solveRising(below, p, 0, 1_000);
}

/** Percentile (0 to 100) of sorted values: the smallest that at least that share does not exceed (nearest rank); undefined of none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export interface Estimate extends Bounds {
  readonly value: number;
}

const BATCHES = 10;
/** Values beyond a percentile, and in a batch, without which nothing is said about it. */
const LEAST = 10;

/** How many values a bound of a percentile needs at least: 200 for the 95th, 1,000 for the 99th, 100 for the median. */
export const leastForPercentile = (percent: number): number =>
  Math.max(LEAST * BATCHES, Math.round(LEAST / (1 - percent / 100)));

/** How many values are hits, of those from one position to another (exclusive). */
function countHits(values: ArrayLike<number>, isHit: (value: number) => boolean, from: number, to: number): number {
  let hits = 0;
  for (let i = from; i < to; i += 1) if (isHit(values[i] ?? NaN)) hits += 1;
  return hits;
}

/**
 * The share of hits among values in the order of their time: exact bounds, or, where hits come in bursts, those from the
 * shares of ten batches that follow each other: then what comes together counts for less than its number.
 */
function hitShareBounds(values: ArrayLike<number>, isHit: (value: number) => boolean, confidence: number): Estimate {
  const size = Math.floor(values.length / BATCHES);
  const batches = Array.from({ length: BATCHES }, (_, i) => countHits(values, isHit, i * size, (i + 1) * size));
  const hits = batches.reduce((sum, n) => sum + n, 0) + countHits(values, isHit, BATCHES * size, values.length);
  const exact = proportionBounds(hits, values.length, confidence);
  const value = values.length === 0 ? NaN : hits / values.length;
  if (values.length < LEAST * BATCHES || hits === 0) return { value, ...exact };
  const clustered = standardDeviation(batches.map((n) => n / size)) / Math.sqrt(BATCHES);
  const independent = Math.sqrt((value * (1 - value)) / values.length);
  const margin = studentQuantile(confidence, BATCHES - 1) * Math.max(clustered, independent);
  return {
    value,
    lower: Math.max(0, Math.min(exact.lower, value - margin)),
    upper: Math.min(1, Math.max(exact.upper, value + margin)),
  };
}

/** The first position from `low` to `high` (exclusive) at which something holds that, once it holds, holds on; `high` for none. */
function firstPosition(low: number, high: number, holds: (position: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * A percentile of values in the order of their time, with one-sided bounds of 95 % each. Latencies follow each other (one
 * slow moment makes many slow), so bounds that take them for independent are far too narrow. The bounds are those limits
 * that the share of values beyond them, with its own bounds from ten batch means (`shareBounds`), just allows: "p95 < 200 ms"
 * holds when the share above 200 ms is below 5 % with its upper bound (inversion of the test: Francisco and Fuller, Annals
 * of Statistics 19, 1991; batch means with t of nine degrees of freedom: Heidelberger and Lewis, Operations Research 32,
 * 1984). How the values spread far from the limit plays no part. An upper bound beyond all values is Infinity; with fewer
 * values than `leastForPercentile` the answer is undefined: then nothing can be said.
 *
 * How often each bound holds the truth, lower/upper in percent, 300 seeded runs at 300 a second (test/unit/core/coverage.test.ts
 * holds the main rows): independent values 96 to 99 / 96 to 98. Sojourn times of an M/M/1 queue: p95 96/96 at utilisation
 * 0.3 in 20 s; 98/88 at 0.7 in 20 s, 95/93 in 60 s; 97/64 at 0.9 in 20 s, 98/86 in 120 s. p99 97/91 at 0.3 and 100/75 at
 * 0.7 in 20 s. So: near saturation, and for p99, the upper bound promises more than it holds in a short phase: take a
 * minute or more. Bounds from the spread at the percentile itself (Woodruff, JASA 47, 1952) hold 97/95 at 0.7, but one slow
 * second of 20 leaves them without an upper end, also where nothing comes near the limit.
 */
export function percentileBounds(
  values: ArrayLike<number>,
  percent: number,
  confidence = CONFIDENCE,
): Estimate | undefined {
  if (values.length < leastForPercentile(percent)) return undefined;
  const sorted = Float64Array.from(values).sort();
  const value = percentile(sorted, percent) ?? NaN;
  const beyond = 1 - percent / 100;
  const at = (position: number): number => sorted[position] ?? NaN;
  const upper = firstPosition(0, sorted.length, (position) => {
    const limit = at(position);
    return hitShareBounds(values, (v) => v > limit, confidence).upper <= beyond;
  });
  const above = firstPosition(0, sorted.length, (position) => {
    const limit = at(position);
    return hitShareBounds(values, (v) => v >= limit, confidence).lower < beyond;
  });
  return { value, lower: above === 0 ? 0 : at(above - 1), upper: sorted[upper] ?? Infinity };
}

/** The share of 1s among 0s and 1s in the order of their time, with bounds that bursts of them widen. */
export const shareBounds = (flags: ArrayLike<number>, confidence = CONFIDENCE): Estimate =>
  hitShareBounds(flags, (flag) => flag === 1, confidence);

/** The mean of independent values, such as one figure of several runs, with one-sided bounds (t interval); undefined of fewer than two. */
export function meanBounds(values: readonly number[], confidence = CONFIDENCE): Estimate | undefined {
  if (values.length < 2) return undefined;
  const value = mean(values);
  const margin =
    (studentQuantile(confidence, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { value, lower: value - margin, upper: value + margin };
}

/**
 * b - a with one-sided bounds made of theirs, which need not be symmetric (the method of variance estimates recovery:
 * Zou and Donner, Statistics in Medicine 27, 2008).
 */
export function differenceBounds(a: Estimate, b: Estimate): Estimate {
  const value = b.value - a.value;
  return {
    value,
    lower: value - Math.hypot(b.value - b.lower, a.upper - a.value),
    upper: value + Math.hypot(b.upper - b.value, a.value - a.lower),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Of a sample (n - 1 in the denominator); NaN of fewer than two. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1));
}
