import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { RECORD_VERSION } from '../core/record/version.ts';

/** One place where a record is not as it was written. */
export interface Damage {
  /** The path of the file within the run's folder. */
  readonly file: string;
  /** The rest of a sentence that begins with the name of the file. */
  readonly what: string;
  /** The first byte that may be changed, from 0. */
  readonly byte?: number;
  /** The line of `byte`, from 1. */
  readonly line?: number;
}

/** Returns the error about a damaged record. */
export function damaged(dir: string, { file, what, byte, line }: Damage): ChaosError {
  return new ChaosError('CHAOS_RECORD_DAMAGED', {
    what: `the record is damaged: ${file} ${what}`,
    hint: 'A damaged record proves nothing. Judge another copy of the folder, or make the run again.',
    exit: 'inconclusive',
    file: join(dir, file),
    line,
    facts: { file, ...(byte === undefined ? {} : { byte }), ...(line === undefined ? {} : { line }) },
  });
}

/**
 * Throws CHAOS_RECORD_VERSION when a record is of a later version than this harness reads. `maker` says who made it, as
 * far as it is known.
 */
export function assertKnownVersion(version: number, maker = 'a later harness'): void {
  if (version <= RECORD_VERSION) return;
  throw unreadableVersion(version, maker, `this harness reads versions up to ${RECORD_VERSION}`);
}

/** Returns the error about a record whose version cannot be judged. `why` says what is in the way. */
export const unreadableVersion = (version: number, maker: string, why: string): ChaosError =>
  new ChaosError('CHAOS_RECORD_VERSION', {
    what: `the record has version ${version} (made by ${maker}), and ${why}`,
    hint: 'Judge it with the harness that made it. Its run.json keeps the verdict of then.',
    exit: 'bad-input',
    facts: { version, maker, known: RECORD_VERSION },
  });
