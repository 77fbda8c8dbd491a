import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import { EVENTS_FILE } from '../../record/event-log.ts';
import { kindOf } from '../../record/folders.ts';

/**
 * Returns the folders of runs that a folder is or holds, sorted by name. A folder with a record and without a run.json
 * counts: run.json can be made again. Folders of loads and of noise are left out. Throws CHAOS_NO_RUN when there is
 * none, and CHAOS_NOT_WRITABLE when the folder cannot be read.
 */
export function candidatesIn(folder: string): string[] {
  if (!existsSync(folder)) throw none(folder, 'does not exist');
  if (isRun(folder)) return [folder];
  const found = onDisk(folder, () => readdirSync(folder))
    .toSorted()
    .map((name) => join(folder, name))
    .filter(isRun);
  if (found.length === 0) throw none(folder, 'holds no run, and no folder of a run');
  return found;
}

function isRun(dir: string): boolean {
  const kind = kindOf(dir);
  return kind === 'experiment' || (kind === undefined && existsSync(join(dir, EVENTS_FILE)));
}

const none = (folder: string, why: string): ChaosError =>
  new ChaosError('CHAOS_NO_RUN', {
    what: `${folder} ${why}`,
    hint: 'Name the folder of a run (it has events.ndjson and samples/), or a folder that holds such folders.',
    exit: 'bad-input',
    file: folder,
  });
