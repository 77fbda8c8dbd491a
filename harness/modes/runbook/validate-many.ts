import type { Clock } from '../../core/clock.ts';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import type { NotBegun } from '../../core/runbook/many.ts';

/** Before anything is measured, a validation is taken to last this much longer than its arms. */
const USUAL_OVERHEAD = 1.2;

/** What validating several runbooks needs of the world. */
export interface ManyParts<R> {
  /** How long the fewest arms that decide last at least, milliseconds. */
  readonly leastMs: (runbook: R) => number;
  /** Validates one runbook. It begins no more arms when the time is over. */
  readonly validate: (runbook: R, timeIsOver: () => boolean) => Promise<RunbookDocument>;
  readonly clock: Pick<Clock, 'now'>;
  /** When the time is over, as the clock counts. Infinity: never. */
  readonly until: number;
  /** True when somebody has ended the validation. */
  readonly interrupted: () => boolean;
  readonly say: (line: string) => void;
}

export interface ValidatedMany {
  readonly documents: readonly RunbookDocument[];
  readonly notBegun: readonly NotBegun[];
}

/**
 * Validates runbooks on one topology, one after another. A runbook for which the time does not suffice is not begun, and a
 * shorter one after it may be. Ends when somebody ends it, or when something could not be put back.
 */
export async function validateMany<R extends { readonly name: string }>(
  runbooks: readonly R[],
  { leastMs, validate, clock, until, interrupted, say }: ManyParts<R>,
): Promise<ValidatedMany> {
  const documents: RunbookDocument[] = [];
  const notBegun: NotBegun[] = [];
  let [tookMs, expectedMs] = [0, 0];
  const overhead = (): number => (expectedMs === 0 ? USUAL_OVERHEAD : Math.max(1, tookMs / expectedMs));
  const reasonNow = (runbook: R): NotBegun['reason'] | undefined => {
    if (documents.at(-1)?.verdict === 'NOT RESTORED') return 'something before it could not be put back';
    if (interrupted()) return 'it was ended early';
    return clock.now() + leastMs(runbook) * overhead() > until ? 'no time is left' : undefined;
  };
  for (const runbook of runbooks) {
    const reason = reasonNow(runbook);
    if (reason !== undefined) {
      notBegun.push({ runbook: runbook.name, reason });
      say(`${runbook.name}: not begun: ${reason}`);
      continue;
    }
    const begun = clock.now();
    const document = await validate(runbook, () => clock.now() >= until);
    documents.push(document);
    // What one arm decides says nothing about how long six take.
    if (document.arms.length < 6) continue;
    tookMs += clock.now() - begun;
    expectedMs += leastMs(runbook);
  }
  return { documents, notBegun };
}
