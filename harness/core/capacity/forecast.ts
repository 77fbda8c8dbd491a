import { solveRising, studentQuantile, studentTail } from '../bounds/distributions.ts';
import { iso } from '../clock.ts';
import { mean } from '../stats.ts';
import type { Refusal } from './refusal.ts';

/** What was asked for at a time. */
export interface Demand {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly value: number;
}

export type Growth = 'linear' | 'exponential';

/** When growth reaches a capacity. Times in epoch milliseconds. */
export interface Forecast {
  readonly growth: Growth;
  /** Growth in a day: in the unit of the values, or for exponential growth as a share. */
  readonly perDay: number;
  /** Between these times growth reaches the capacity, with the probability `confidence`. */
  readonly first: number;
  /** Undefined: later than `until`. */
  readonly last: number | undefined;
  readonly expected: number | undefined;
  readonly confidence: number;
  /** Nothing is said about later times: as far ahead as the history is long. */
  readonly until: number;
  /** The capacity as a multiple of what growth has reached at the end of the history. */
  readonly margin: number;
}

export interface ForecastOptions {
  readonly capacity: number;
  /** Undefined: the growth that fits better. */
  readonly growth?: Growth | undefined;
  readonly confidence: number;
}

const LEAST = 8;
const DAY_MS = 86_400_000;
/** Nothing is said about times that are more than this many lengths of the history ahead. */
const AHEAD = 2;

/**
 * Returns when growth reaches a capacity. The history is fitted by least squares as a line, and as a line of logarithms. At each
 * time, the fit and its t distribution say how probable it is that growth has reached the capacity by then. Both kinds of growth
 * count, each by its likelihood: a history of some months rarely shows which of them it is. With one kind alone, the dates are
 * where the confidence band of the line meets the capacity (Fieller, 1954). Single values vary about the line. When neighbours
 * in time depend on each other, the band is wider (see `inflation`).
 *
 * Refuses fewer than 8 points, a history that does not rise for certain, and one whose margin ends too far ahead.
 */
export function forecast(history: readonly Demand[], options: ForecastOptions): Forecast | Refusal {
  const { capacity, confidence } = options;
  const points = history.toSorted((a, b) => a.t - b.t);
  const [begin, end] = [points[0]?.t ?? 0, points.at(-1)?.t ?? 0];
  if (new Set(points.map(({ t }) => t)).size < LEAST)
    return refused(
      'CHAOS_FORECAST_TOO_FEW',
      `the history has ${points.length} points, and at least ${LEAST} are needed`,
    );
  const growths: readonly Growth[] = options.growth === undefined ? ['linear', 'exponential'] : [options.growth];
  const fits = growths.flatMap((growth) => fit(points, growth) ?? []).toSorted((a, b) => b.likelihood - a.likelihood);
  const [best] = fits;
  if (best === undefined) return refused('CHAOS_FORECAST_FLAT', 'exponential growth needs values above 0');
  if (best.slope <= studentQuantile((1 + confidence) / 2, best.freedom) * best.slopeError)
    return refused('CHAOS_FORECAST_FLAT', `the history does not rise for certain: ${perDayText(best)} a day`);
  const until = end + AHEAD * (end - begin);
  const reachedBy = mixed(fits, best.likelihood, capacity);
  const date = (share: number): number | undefined =>
    reachedBy(until) < share
      ? undefined
      : solveRising((days) => reachedBy(days * DAY_MS), share, begin / DAY_MS, until / DAY_MS) * DAY_MS;
  const first = date((1 - confidence) / 2);
  if (first === undefined)
    return refused('CHAOS_FORECAST_FAR', `growth does not reach ${capacity} before ${iso(until).slice(0, 10)}`);
  const reached = best.level + best.slope * (end - best.middle);
  return {
    growth: best.growth,
    perDay: best.growth === 'linear' ? best.slope * DAY_MS : Math.expm1(best.slope * DAY_MS),
    first,
    last: date((1 + confidence) / 2),
    expected: date(0.5),
    confidence,
    until,
    margin: best.growth === 'linear' ? capacity / reached : capacity / Math.exp(reached),
  };
}

/** Returns a function that says how probable it is that growth has reached the capacity by a time. It rises. */
function mixed(fits: readonly Fit[], most: number, capacity: number): (t: number) => number {
  // Values that depend on each other tell less about which growth it is.
  const dependence = Math.max(...fits.map((one) => one.dependence));
  const weights = fits.map(({ likelihood }) => Math.exp((likelihood - most) / dependence));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return (t) => fits.reduce((sum, one, i) => sum + ((weights[i] ?? 0) / all) * reachedIn(one, t, capacity), 0);
}

function reachedIn(
  { growth, middle, level, slope, slopeError, levelError, freedom }: Fit,
  t: number,
  capacity: number,
): number {
  const goal = growth === 'linear' ? capacity : Math.log(capacity);
  const error = Math.hypot(levelError, slopeError * (t - middle));
  const z = (level + slope * (t - middle) - goal) / error;
  return z >= 0 ? 1 - studentTail(z, freedom) : studentTail(-z, freedom);
}

const refused = (code: Refusal['code'], message: string): Refusal => ({ code, message });

const perDayText = ({ growth, slope }: Fit): string =>
  growth === 'linear' ? (slope * DAY_MS).toPrecision(3) : `${(100 * Math.expm1(slope * DAY_MS)).toPrecision(3)} %`;

interface Fit {
  readonly growth: Growth;
  /** The line is `level` at the time `middle`, and rises by `slope` a millisecond. */
  readonly middle: number;
  readonly level: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly levelError: number;
  readonly freedom: number;
  /** See `inflation`. */
  readonly dependence: number;
  /** The greatest logarithm of the likelihood of the values themselves, so that both kinds of growth can be compared. */
  readonly likelihood: number;
}

function fit(points: readonly Demand[], growth: Growth): Fit | undefined {
  if (growth === 'exponential' && points.some(({ value }) => value <= 0)) return undefined;
  const values = points.map(({ value }) => (growth === 'linear' ? value : Math.log(value)));
  const middle = mean(points.map(({ t }) => t));
  const level = mean(values);
  const spread = points.reduce((sum, { t }) => sum + (t - middle) ** 2, 0);
  const slope = points.reduce((sum, { t }, i) => sum + (t - middle) * ((values[i] as number) - level), 0) / spread;
  const residuals = points.map(({ t }, i) => (values[i] as number) - level - slope * (t - middle));
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const freedom = points.length - 2;
  const dependence = inflation(residuals);
  const variance = (squares / freedom) * dependence;
  const stretch = growth === 'linear' ? 0 : values.reduce((sum, v) => sum + v, 0);
  return {
    growth,
    middle,
    level,
    slope,
    slopeError: Math.sqrt(variance / spread),
    levelError: Math.sqrt(variance / points.length),
    freedom,
    dependence,
    likelihood: -(points.length / 2) * Math.log(Math.max(squares, Number.MIN_VALUE) / points.length) - stretch,
  };
}

/**
 * Returns by how much the variance of a mean is larger because each value depends on the one before it: (1 + r) / (1 - r),
 * where r is the correlation of neighbours. The residuals of a fitted line show less correlation than there is, by about
 * (2 + 4 r) / n (Marriott and Pope, Biometrika 41, 1954, for a line).
 */
function inflation(residuals: readonly number[]): number {
  const n = residuals.length;
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  if (squares === 0) return 1;
  const seen = residuals.slice(1).reduce((sum, r, i) => sum + r * (residuals[i] as number), 0) / squares;
  const r = Math.min(0.8, Math.max(0, (seen * n + 2) / (n - 4)));
  return (1 + r) / (1 - r);
}
