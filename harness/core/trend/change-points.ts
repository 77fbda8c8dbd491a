import { studentTail } from '../bounds/distributions.ts';
import { mean } from '../stats.ts';
import { bestSplit } from './energy.ts';

/** A place in a series from which on its values are others than before. */
export interface ChangePoint {
  /** The position of the first value that is another, from 0. */
  readonly at: number;
  /** The means of the values before it and from it on, up to the change points beside it. */
  readonly from: number;
  readonly to: number;
  /** The probability of a difference of this size, or a greater one, when nothing has changed (t-test). */
  readonly p: number;
}

export interface Sensitivity {
  /** A part between two changes has at least so many values. Below 3, each spike is a change. */
  readonly least: number;
  /** A change must be less probable than this when nothing has changed. */
  readonly p: number;
  /** A change is at least this share of the mean before it, 0 to 1. Smaller changes are of no interest. */
  readonly effect: number;
}

/** With reruns, finds +20 % in three nights when values vary by 5 %. How often it is wrong, alone and with reruns: docs/trends.md. */
export const NIGHTLY: Sensitivity = { least: 3, p: 0.001, effect: 0.05 };

/**
 * Returns the change points of a series, the oldest first: E-divisive finds the places, and a t-test says which of them
 * count. A change is found when it has lasted for `least` values. No value may be NaN. 365 values take some milliseconds.
 */
export function changePoints(values: readonly number[], sensitivity: Sensitivity = NIGHTLY): ChangePoint[] {
  const places = cuts(values, 0, values.length, sensitivity);
  // A cut that was found in a long stretch may mean little between the cuts beside it.
  for (;;) {
    const points = pointsAt(values, places);
    const weakest = points
      .map((point, i) => ({ ...point, i }))
      .filter((point) => !counts(point, sensitivity))
      .toSorted((a, b) => b.p - a.p)[0];
    if (weakest === undefined) return points;
    places.splice(weakest.i, 1);
  }
}

const counts = ({ from, to, p }: ChangePoint, { p: most, effect }: Sensitivity): boolean =>
  p < most && Math.abs(to - from) >= effect * Math.abs(from);

function cuts(values: readonly number[], from: number, to: number, sensitivity: Sensitivity): number[] {
  const split = bestSplit(values, from, to, sensitivity.least);
  if (split === undefined) return [];
  const { at } = split;
  if (!counts(changeAt(values, from, at, to), sensitivity)) return [];
  return [...cuts(values, from, at, sensitivity), at, ...cuts(values, at, to, sensitivity)];
}

const pointsAt = (values: readonly number[], places: readonly number[]): ChangePoint[] =>
  places.map((at, i) => changeAt(values, places[i - 1] ?? 0, at, places[i + 1] ?? values.length));

function changeAt(values: readonly number[], begin: number, at: number, end: number): ChangePoint {
  const [before, after] = [values.slice(begin, at), values.slice(at, end)];
  return { at, from: mean(before), to: mean(after), p: differenceP(before, after) };
}

/** Returns the probability of such a difference of means between values of one kind: Student's t-test, two-sided. */
function differenceP(a: readonly number[], b: readonly number[]): number {
  const freedom = a.length + b.length - 2;
  const difference = Math.abs(mean(a) - mean(b));
  const variance = (squares(a) + squares(b)) / freedom;
  if (freedom === 0) return 1;
  if (variance === 0) return difference === 0 ? 1 : 0;
  const t = difference / Math.sqrt(variance * (1 / a.length + 1 / b.length));
  return 2 * studentTail(t, freedom);
}

function squares(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}
