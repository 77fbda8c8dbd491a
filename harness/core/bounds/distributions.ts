/**
 * Logarithm of the gamma function for x > 0 (Lanczos approximation, g = 7, nine coefficients). Relative error below
 * 1e-13.
 */
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
  // The fraction converges fast for small x only. For larger x, I_x(a, b) = 1 - I_(1-x)(b, a) is used.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/**
 * Returns the x in [low, high] at which a rising function reaches `goal`, by false position. Each time that one end of
 * the interval moves, the distance from `goal` at the other end is halved, so that no end stays for ever (Illinois
 * method: Dowell and Jarratt, BIT 11, 1971).
 */
export function solveRising(rising: (x: number) => number, goal: number, low: number, high: number): number {
  let [below, above] = [low, high];
  let [under, over] = [goal - rising(low), rising(high) - goal];
  if (under <= 0) return low;
  if (over <= 0) return high;
  for (let i = 0; i < 200 && above - below > 1e-15 * Math.max(1, Math.abs(below)); i += 1) {
    const x = (below * over + above * under) / (under + over);
    // There is no number between x and an end: that end is the result.
    if (x <= below) return below;
    if (x >= above) return above;
    const missing = goal - rising(x);
    if (missing > 0) [below, under, over] = [x, missing, over / 2];
    else if (missing < 0) [above, over, under] = [x, -missing, under / 2];
    else return x;
  }
  return (below + above) / 2;
}

/**
 * Quantile of Student's t distribution with `freedom` degrees: a variable is below it with probability `p` (0.5 or
 * more).
 */
export function studentQuantile(p: number, freedom: number): number {
  return solveRising((t) => 1 - studentTail(t, freedom), p, 0, 1_000);
}

/** The probability that a variable with Student's t distribution with `freedom` degrees is above `t` (0 or more). */
export const studentTail = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
