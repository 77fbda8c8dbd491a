import { describeError } from '../errors.ts';
import { describeUndo, type JournalEntry, manualUndo, type UndoPlaces } from './undo.ts';

/** Something that is not as it should be, and the command with which a person repairs it. */
export interface Residue {
  readonly kind: string;
  readonly target: string;
  readonly how_to_undo: string;
}

/** When the audit for residue looks. */
export type AuditMoment =
  | 'after a failed undo'
  | 'at the end of the heal phase'
  | 'at the end of the run'
  | 'after the run had died'
  | 'when the system was healthy again';

/** Residue that an audit found, before it repaired anything. */
export interface FoundResidue extends Residue {
  /** The first audit that saw the residue. The audit before did not see it. */
  readonly since: AuditMoment;
}

/** Residue that is gone after the repair of an audit. */
export interface RepairedResidue extends Residue {
  readonly by: 'its undo, tried again' | 'the audit';
}

/** Returns undo steps that were not carried out, as residue. */
export const notUndone = (steps: readonly JournalEntry[], places: UndoPlaces): Residue[] =>
  steps.map(({ id, step }) => ({
    kind: 'not undone',
    target: `${id}: ${describeUndo(step)}`,
    how_to_undo: manualUndo(step, places),
  }));

/** Returns an error of the audit as residue. When the audit fails, nothing shows that there is no residue. */
export const unseen = (error: unknown): Residue => ({
  kind: 'unknown',
  target: describeError(error),
  how_to_undo: 'chaos heal',
});

/** Nobody has compared the system with what it was before its faults. */
export const NOT_COMPARED: Residue = {
  kind: 'not compared',
  target: 'the system, since its faults were undone',
  how_to_undo: 'chaos heal',
};
