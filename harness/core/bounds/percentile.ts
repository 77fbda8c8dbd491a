import { burstsAbove, burstsFrom, cautiousLength, excludedBurst } from './bursts.ts';
import { borrowedCopy, rankOf } from '../selection.ts';
import { CONFIDENCE, type Estimate, isAtLeast, isAtMost, percentile } from '../stats.ts';

/** A percentile with its bounds. */
export interface PercentileEstimate extends Estimate {
  /** The length of the stretches in which the values above the percentile come; 1 when they are independent. */
  readonly stretch: number;
  /** The longest stretch for which the upper bound holds, even when no such stretch was seen. */
  readonly excluded: number;
}

/** A percentile needs at least this many values beyond it to have bounds. */
const LEAST_BEYOND = 10;
const LEAST = 100;

/**
 * Returns how many values the bounds of a percentile need: 200 for the 95th, 1,000 for the 99th, 100 for the median.
 */
export const leastForPercentile = (percent: number): number =>
  Math.max(LEAST, Math.round(LEAST_BEYOND / (1 - percent / 100)));

/**
 * Returns a percentile (0 to 100) with two one-sided bounds, each of 95 % by default. `values` are in the order of
 * their time. Undefined with fewer values than `leastForPercentile`.
 *
 * Latencies depend on each other: one slow moment makes many requests slow. So each bound comes from the share of values
 * beyond a limit, and this share has bounds of its own for values that come in stretches (`burstsAbove`). The upper bound of
 * p95 is the smallest limit with at most 5 % of the values above it, by the upper bound of that share; the lower bound is
 * found in the same way (inversion of the test: Francisco and Fuller, Annals of Statistics 19, 1991).
 *
 * Near the largest value too few values are left to show their stretches. So the upper bound uses the length of the
 * stretches at the percentile itself where that is longer (Woodruff, JASA 47, 1952). This length is cut to the longest
 * stretch that so many values can exclude. Otherwise one slow second of 20 would leave no upper bound, even when no
 * value is near the limit. `stretch > excluded` means that the upper bound holds less often than it promises.
 * docs/bounds.md says how often.
 *
 * The upper bound is Infinity when no value is high enough.
 */
export function percentileBounds(
  values: ArrayLike<number>,
  percent: number,
  confidence = CONFIDENCE,
): PercentileEstimate | undefined {
  const count = values.length;
  if (count < leastForPercentile(percent)) return undefined;
  const sorted = borrowedCopy(values).sort();
  const value = percentile(sorted, percent) ?? NaN;
  const rank = rankOf(count, percent);
  const beyond = 1 - percent / 100;
  const at = (position: number): number => sorted[position] ?? Infinity;

  // Bursts only widen bounds. So a limit that fails with the narrower bounds needs no search for bursts. This saves
  // half the time.
  const show = (hits: number, length: number, test: typeof isAtMost): boolean =>
    test(hits / length, Math.max(1, count / length), beyond, confidence);
  const here = burstsAbove(values, value);
  const longest = (count * Math.log1p(-beyond)) / Math.log1p(-confidence);
  const least = Math.max(1, Math.min(cautiousLength(here, confidence), longest));
  const upper = firstPosition(rank, count, (position) => {
    const limit = at(position);
    const hits = count - firstPosition(position, count, (i) => at(i) > limit);
    if (!show(hits, least, isAtMost)) return false;
    const length = cautiousLength(burstsAbove(values, limit), confidence);
    return length <= least || show(hits, length, isAtMost);
  });
  const above = firstPosition(0, rank, (position) => {
    const limit = at(position);
    const hits = count - firstPosition(0, position, (i) => at(i) >= limit);
    if (!show(hits, 1, isAtLeast)) return true;
    return !show(hits, cautiousLength(burstsFrom(values, limit), confidence), isAtLeast);
  });
  return {
    value,
    lower: above === 0 ? 0 : at(above - 1),
    upper: at(upper),
    stretch: here.length,
    excluded: excludedBurst(0, count, beyond, confidence),
  };
}

/**
 * Returns the first position from `low` to `high` (exclusive) at which `holds` is true; `high` when there is none.
 * `holds` must stay true after the first position at which it is true.
 */
function firstPosition(low: number, high: number, holds: (position: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
