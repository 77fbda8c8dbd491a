import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { diskError } from '../../core/disk-error.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import type { JudgedRun, RunDocument } from '../../core/record/run.ts';
import type { JudgedBy } from '../../judge/folder.ts';
import { recordDigest } from '../../record/seal.ts';
import { candidatesIn } from './candidates.ts';
import { copyIn } from './copy-in.ts';
import { soundRun } from './sound.ts';

/** A run that is below the reports now. */
export interface Imported extends Pick<RunDocument, 'run' | 'title' | 'verdict'> {
  /** The folder that it came from. */
  readonly from: string;
  /** Its folder below the reports. */
  readonly dir: string;
  readonly state: 'imported' | 'already there';
}

/** A folder that was not imported. */
export interface RefusedFolder {
  readonly from: string;
  readonly error: ChaosError;
}

export interface ImportOptions {
  /** Folders of runs, and folders that hold such folders. Absolute paths. */
  readonly folders: readonly string[];
  /** The folder that holds the folders of the runs. An absolute path. */
  readonly reports: string;
  readonly catalogue: JudgedBy;
  /** Is called for each run that is below the reports now. `copied`: its files have just come. */
  readonly keep: (judged: JudgedRun, copied: boolean) => Promise<void>;
}

/**
 * Checks the folders of runs from elsewhere, and copies them to the reports. A run that is there already is not copied.
 * A folder that is refused hides no other: all are tried, in the order in which they were named.
 */
export async function importRuns(
  options: ImportOptions,
): Promise<{ readonly runs: readonly Imported[]; readonly refused: readonly RefusedFolder[] }> {
  const runs: Imported[] = [];
  const refused: RefusedFolder[] = [];
  const tried = async (from: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      refused.push({ from, error: known(error, from) });
    }
  };
  for (const folder of options.folders)
    await tried(folder, async () => {
      for (const from of candidatesIn(folder))
        await tried(from, async () => void runs.push(await importRun(from, options)));
    });
  return { runs, refused };
}

async function importRun(from: string, { reports, catalogue, keep }: ImportOptions): Promise<Imported> {
  const digest = recordDigest(from);
  const { document, history } = soundRun(from, catalogue);
  const dir = join(reports, document.run);
  const copied = !isSameFolder(from, dir) && copyIn(from, digest, dir);
  await keep({ document: { ...document, dir }, history }, copied);
  const { run, title, verdict } = document;
  return { run, title, verdict, from, dir, state: copied ? 'imported' : 'already there' };
}

/** Says whether two paths lead to one folder. */
function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return resolve(a) === resolve(b);
  }
}

/** Returns an error with a code for whatever was thrown. */
function known(thrown: unknown, from: string): ChaosError {
  const error = diskError(thrown, from);
  if (error instanceof ChaosError) return error;
  return new ChaosError('CHAOS_INTERNAL', {
    what: `${from} could not be judged: ${describeError(error)}`,
    hint: 'This is a bug of ours: please send this line.',
    exit: 'error',
    file: from,
    cause: error,
  });
}
