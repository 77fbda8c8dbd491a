import { digestOf } from '../../core/freshness/digest.ts';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import { endedBelow } from '../../record/ended.ts';

/** Returns every validation below `reports` that ended, oldest first. A folder that cannot be read hides no other. */
export const earlierValidations = (reports: string): readonly RunbookDocument[] =>
  endedBelow<RunbookDocument>(reports, 'runbook');

/** Returns a digest of what a validation asks: the texts of the runbook and of the experiment whose load it takes. */
export const askedDigest = (runbook: string, experiment: string): string => digestOf({ runbook, experiment });
