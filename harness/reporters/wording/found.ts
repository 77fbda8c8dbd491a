import type { FoundInRun } from '../../core/record/found.ts';
import type { RunDocument } from '../../core/record/run.ts';

/** Returns one phrase: "changed limits chaos-app-1 (since: at the end of the heal phase; repaired by the audit)". */
export const foundInWords = ({ kind, target, since, repaired_by: by }: FoundInRun): string =>
  `${kind} ${target} (since: ${since}; ${by === null ? 'gone at a later look' : `repaired by ${by}`})`;

/** Returns what the audits of a run found and what is not left any more. */
export function foundAndGone({ found, residue }: Pick<RunDocument, 'found' | 'residue'>): readonly FoundInRun[] {
  const left = new Set(residue.map(({ kind, target }) => `${kind} ${target}`));
  return found.filter(({ kind, target }) => !left.has(`${kind} ${target}`));
}
