import type { RunFigures } from '../../../core/record/summary.ts';
import { NIGHTLY } from '../../../core/trend/change-points.ts';
import { confirmChange, residualsOf } from '../../../core/trend/confirm.ts';
import { RERUNS, type Side } from '../../../core/trend/interleave.ts';
import { figureNames } from '../../../core/trend/trend.ts';
import type { Suspect } from './suspects.ts';

/** A run that was made to answer whether a suspect is real. */
export interface Rerun {
  readonly side: Side;
  readonly run: string;
  readonly figures: RunFigures;
}

/** A suspect, and what the reruns say about it. */
export interface Decided extends Omit<Suspect, 'residuals'> {
  /** What the reruns of each side have, without the lowest and the highest; null when too few reruns have the figure. */
  readonly rerun_from: number | null;
  readonly rerun_to: number | null;
  /** Null when too few reruns have the figure. */
  readonly confirmed: boolean | null;
}

/** One rerun of a side may prove nothing. With fewer than this, the reruns answer nothing. */
const LEAST = RERUNS - 1;

/** Judges each suspect by the reruns. Reruns that prove nothing do not count. */
export const decide = (suspects: readonly Suspect[], reruns: readonly Rerun[]): Decided[] =>
  suspects.map(({ residuals, ...suspect }) => {
    const valuesOf = (wanted: Side): number[] =>
      reruns.flatMap(({ side, figures }) => (side === wanted ? (figureNames(figures).get(suspect.name) ?? []) : []));
    const [before, now] = [valuesOf('base'), valuesOf('now')];
    if (before.length < LEAST || now.length < LEAST)
      return { ...suspect, rerun_from: null, rerun_to: null, confirmed: null };
    const known = residuals.length > 0 ? residuals : [...between(before), ...between(now)];
    const { confirmed, from, to } = confirmChange(suspect, { before, now }, known, NIGHTLY);
    return { ...suspect, rerun_from: from, rerun_to: to, confirmed };
  });

/** The residuals of reruns alone. The median itself has none, and would make them look smaller than they are. */
function between(values: readonly number[]): number[] {
  const sorted = residualsOf(values, []).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  return sorted.slice(1);
}
