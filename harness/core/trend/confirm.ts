import { mean, median } from '../stats.ts';
import type { Sensitivity } from './change-points.ts';

/** What reruns said about a change. */
export interface Confirmation {
  readonly confirmed: boolean;
  /** The reruns of each side: their mean without the lowest and the highest. */
  readonly from: number;
  readonly to: number;
  /** How many times its own uncertainty the difference is. Infinite when the values of the series never vary. */
  readonly times: number;
}

/** The values of a change: means of what came before, and of what came after. */
type Change = Readonly<Record<'from' | 'to', number>>;

/** A difference of this many standard errors, in the direction of the change, is confirmed. See docs/trends.md. */
const MOST_BY_CHANCE = 2.6;
/** The mean of five normal values without two has a standard error this many times as large as the mean of all five. */
const TRIMMED = 1.07;
/** The median distance from the median, times this, is the standard deviation of normal values. */
const MAD = 1.4826;

/**
 * Judges a change by reruns of what was before it and of what is now, interleaved so that what changes on the machine
 * meets both. The lowest and the highest rerun of a side do not count, since one rerun that the machine disturbed moves a
 * mean by half a change. `residuals`: how far the values of the series are from the median of their part, from which its
 * usual variation is known.
 */
export function confirmChange(
  change: Change,
  reruns: { readonly before: readonly number[]; readonly now: readonly number[] },
  residuals: readonly number[],
  { effect }: Pick<Sensitivity, 'effect'>,
): Confirmation {
  const { before, now } = reruns;
  const [from, to] = [withoutEnds(before), withoutEnds(now)];
  const error = TRIMMED * usualVariation(residuals) * Math.sqrt(1 / before.length + 1 / now.length);
  const difference = to - from;
  const times = Math.abs(difference) / error;
  const confirmed =
    Math.sign(difference) === Math.sign(change.to - change.from) &&
    times >= MOST_BY_CHANCE &&
    Math.abs(difference) >= effect * Math.abs(from);
  return { confirmed, from, to, times };
}

function withoutEnds(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return mean(sorted.length < 3 ? sorted : sorted.slice(1, -1));
}

/** Returns the standard deviation of residuals, as if they were normal: a spike among them changes little. */
export const usualVariation = (residuals: readonly number[]): number => MAD * (median(residuals.map(Math.abs)) ?? NaN);

/** Returns how far each value is from the median of its part. `cuts`: the first value of each part but the first. */
export function residualsOf(values: readonly number[], cuts: readonly number[]): number[] {
  const bounds = [0, ...cuts, values.length];
  return bounds.slice(1).flatMap((end, i) => {
    const part = values.slice(bounds[i], end);
    const middle = median(part) ?? NaN;
    return part.map((value) => value - middle);
  });
}
