import type { Residue } from '../residue.ts';
import { whyMayDiffer } from './may-differ.ts';
import { type Difference, differencesOf, type Snapshot } from './snapshot.ts';

/** A difference that is no residue, with its reason. */
export interface AllowedDifference extends Difference {
  readonly why: string;
}

/** Two snapshots compared. `changed` is residue; `may_differ` is not. */
export interface Comparison {
  readonly changed: readonly Difference[];
  readonly may_differ: readonly AllowedDifference[];
}

/** Compares two snapshots. What may differ, and why, is in may-differ.ts. */
export function compare(before: Snapshot, now: Snapshot): Comparison {
  const all = differencesOf(before, now).map((difference) => ({ difference, why: whyMayDiffer(difference) }));
  return {
    changed: all.filter(({ why }) => why === undefined).map(({ difference }) => difference),
    may_differ: all.flatMap(({ difference, why }) => (why === undefined ? [] : [{ ...difference, why }])),
  };
}

/** Characters of a value that a message shows. */
const SHOWN = 80;
const shown = (value: string | undefined): string =>
  value === undefined ? 'not there' : value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}…`;

/** Returns a difference for people: "cpus was 1 and is 0.1". */
const inWords = ({ property, before, now }: Difference): string =>
  `${property} was ${shown(before)} and is ${shown(now)}`;

/** Returns differences as residue: one entry for each place. A topology that is made anew has none of them. */
export const differencesAsResidue = (changed: readonly Difference[]): Residue[] =>
  [...Map.groupBy(changed, ({ place }) => place)].map(([place, differences]) => ({
    kind: 'not as before',
    target: `${place}: ${differences.map(inWords).join('; ')}`,
    how_to_undo: 'chaos topology down && chaos topology up',
  }));
