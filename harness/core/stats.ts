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

/** The x in [low, high] at which a rising function reaches `wanted`, by bisection to the last bit that matters. */
function solveRising(rising: (x: number) => number, wanted: number, low: number, high: number): number {
  let below = low;
  let above = high;
  for (let i = 0; i < 200 && above - below > 1e-15 * Math.max(1, Math.abs(below)); i += 1) {
    const middle = (below + above) / 2;
    if (rising(middle) < wanted) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** Lower and upper end of an interval. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Confidence of every bound, each side for itself. */
const CONFIDENCE = 0.95;

/**
 * Exact one-sided bounds of a proportion, `hits` of `trials` (Clopper and Pearson, 1934): 95 % each. 0 of 2,995 has an
 * upper bound just under 0.1 %. No trials: anything is possible.
 */
export function proportionBounds(hits: number, trials: number): Bounds {
  if (trials === 0) return { lower: 0, upper: 1 };
  const alpha = 1 - CONFIDENCE;
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

/**
 * A percentile of values in the order of their time, with one-sided 95 % bounds from ten batch means (t interval with nine
 * degrees of freedom): latencies follow each other, so bounds that take them for independent are far too narrow. Undefined
 * when a batch has fewer than three values beyond the percentile: then nothing can be said.
 */
export function percentileBounds(values: readonly number[], percent: number): Estimate | undefined {
  const size = Math.floor(values.length / BATCHES);
  if (size * (1 - percent / 100) < 3) return undefined;
  const of = (part: readonly number[]): number =>
    percentile(
      part.toSorted((a, b) => a - b),
      percent,
    ) ?? NaN;
  const value = of(values);
  const batches = Array.from({ length: BATCHES }, (_, i) =>
    of(values.slice(i * size, i === BATCHES - 1 ? undefined : (i + 1) * size)),
  );
  const mean = batches.reduce((sum, b) => sum + b, 0) / BATCHES;
  const variance = batches.reduce((sum, b) => sum + (b - mean) ** 2, 0) / (BATCHES - 1);
  const margin = studentQuantile(CONFIDENCE, BATCHES - 1) * Math.sqrt(variance / BATCHES);
  return { value, lower: value - margin, upper: value + margin };
}
