import { digestOf } from '../../core/freshness/digest.ts';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import { foldersBelow, headerOf } from '../../record/folders.ts';

/** Returns every validation below `reports` that ended, oldest first. A folder that cannot be read hides no other. */
export function earlierValidations(reports: string): readonly RunbookDocument[] {
  return foldersBelow(reports).flatMap(({ kind, dir }) => {
    if (kind !== 'runbook') return [];
    try {
      const found = headerOf(dir, kind) as Partial<RunbookDocument>;
      return found.verdict === undefined ? [] : [found as RunbookDocument];
    } catch {
      return [];
    }
  });
}

/** Returns a digest of what a validation asks: the texts of the runbook and of the experiment whose load it takes. */
export const askedDigest = (runbook: string, experiment: string): string => digestOf({ runbook, experiment });
