import { burstsOf, cautiousLength } from './bursts.ts';
import { independentOf } from './independent.ts';
import { CONFIDENCE, type Estimate, proportionBounds } from '../stats.ts';

/** A share with its bounds. */
export interface Share extends Estimate {
  /** The length of the bursts in which the 1s come; 1 when they are independent. */
  readonly burst: number;
}

/** Fewer flags than this make too few blocks for `burstsOf`. Then the correlation of neighbours is used. */
const LEAST = 100;

/**
 * Returns the share of 1s among 0s and 1s in the order of their time, with one-sided bounds, each of 95 % by default.
 * NaN when there are no flags.
 *
 * Hits (1s) that come in bursts prove less than as many independent hits. So hits and trials are divided by the length
 * of the bursts (`burstsOf`; with fewer than 100 flags, `independentOf` says how many flags count). The bounds are the
 * exact bounds of the divided numbers (Korn and Graubard, Survey Methodology 24, 1998). `excludedBurst` says how long
 * unseen bursts may be for a bound to hold. docs/bounds.md says how often the bounds hold.
 */
export function shareBounds(flags: ArrayLike<number>, confidence = CONFIDENCE): Share {
  const count = flags.length;
  let hits = 0;
  for (let i = 0; i < count; i += 1) hits += flags[i] as number;
  const value = hits / count;
  const bursts = burstsOf(flags);
  const [burst, divisor] =
    count > 0 && count < LEAST
      ? [count / independentOf(flags), count / independentOf(flags)]
      : [bursts.length, cautiousLength(bursts, confidence)];
  const trials = Math.max(Math.min(1, count), count / divisor);
  return { value, ...proportionBounds(count === 0 ? 0 : value * trials, trials, confidence), burst };
}
