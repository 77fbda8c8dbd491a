import { basename } from 'node:path';
import { type Clock, iso } from '../core/clock.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { Ending, FollowedRun } from '../core/out/out.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { JudgedRun, RunDocument } from '../core/record/run.ts';
import type { Recovered } from '../heal/recover.ts';
import { addToResults, type ResultsOptions } from '../record/results.ts';

interface Telling extends Pick<ResultsOptions, 'redact' | 'warn'> {
  /** What was put back of a run that had died. */
  readonly recovered?: Recovered;
}

/**
 * Tells others how a run ended, and writes down whether it reached them. Called when the results are written, so that
 * nothing of them waits for an answer. Resolves with the document, which has what was told. Never throws.
 */
export async function tellEnd(
  dir: string,
  judged: JudgedRun | undefined,
  followed: FollowedRun,
  { recovered, redact, warn }: Telling,
): Promise<RunDocument | undefined> {
  const told = await followed.ended(judged?.document ?? unjudged(dir, recovered));
  if (judged === undefined) return undefined;
  if (told.length === 0) return judged.document;
  const document = { ...judged.document, told };
  addToResults(dir, { ...judged, document }, { redact, warn });
  return document;
}

/** Returns what others were not told so far, for the record. */
export const undelivered = (followed: FollowedRun, clock: Clock): readonly RunEvent[] =>
  followed.undelivered.map(({ to, news, why, tries }) => ({
    t: clock.now(),
    kind: 'note',
    message: `${to}: "${news}" was not delivered in ${tries} tries: ${why ?? ''}`,
  }));

/** A run whose record cannot be judged. What is in force counts all the same. */
function unjudged(dir: string, recovered: Recovered | undefined): Ending {
  const restored = recovered?.restored ?? false;
  const now = iso(Date.now());
  return {
    verdict: restored ? 'ERROR' : 'NOT RESTORED',
    exit_code: EXIT_CODE[restored ? 'error' : 'not-restored'],
    restored,
    run: basename(dir),
    dir,
    title: basename(dir),
    experiment: '',
    started: now,
    ended: now,
    checks: [],
    faults: [],
    residue: recovered?.residue ?? [],
    reason: 'the record of the run cannot be read',
  };
}
