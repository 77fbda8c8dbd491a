import type { ChangePoint } from './change-points.ts';

/** Reruns about a series, which refuted or confirmed a change. */
export interface Answer {
  /** How many values the series had when the reruns were made. */
  readonly values: number;
  /** The probability that the change had at that time, by chance alone. */
  readonly p: number;
}

/** With fewer values, too little is known about a series to ask for reruns. */
const FEWEST = 10;
/** A change that began longer ago than this many values is no news. */
const YOUNG = 14;
/** A change is asked about once more when chance explains it this many times worse than at the last question. */
const MORE_CERTAIN = 10;
/**
 * What was before a change is so many values before its place or earlier. A change is often found a value or two late, and
 * reruns of what came right before that place would be reruns of what is now.
 */
export const CLEARLY_BEFORE = 3;

/**
 * Returns the change of a series that reruns should be made for; undefined when there is none. The last change of the
 * series is asked about while it is young. Once answered, it is not asked about each night: only a change that began after
 * the reruns is new, or one that the values of later nights have made much more certain.
 */
export function changeToAsk(
  points: readonly ChangePoint[],
  values: number,
  last: Answer | undefined,
): ChangePoint | undefined {
  const point = points.at(-1);
  if (point === undefined || values < FEWEST || values - point.at > YOUNG) return undefined;
  if (last === undefined || point.at >= last.values) return point;
  return point.p * MORE_CERTAIN < last.p ? point : undefined;
}
