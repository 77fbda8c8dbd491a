import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import { isAlive } from '../../disk/process-id.ts';
import { damaged } from '../../record/damage.ts';
import { EVENTS_FILE } from '../../record/event-log.ts';
import { recordDigest } from '../../record/seal.ts';

/** Half a copy is here, and not among the runs. Each draft begins with the number of its process. */
const DRAFTS = '.import';

/**
 * Copies the folder of a run to `target` in one step. Only files and folders are copied: no link leads out of the
 * reports. Returns false when `target` holds the same record already. Throws CHAOS_IMPORT_CLASH when it holds another,
 * CHAOS_RECORD_DAMAGED when the source changed meanwhile, CHAOS_DISK_FULL and CHAOS_NOT_WRITABLE. Then `target` is as
 * before.
 */
export function copyIn(source: string, digest: string, target: string): boolean {
  if (existsSync(target)) return assertSame(digest, target);
  const drafts = join(target, '..', DRAFTS);
  const draft = join(drafts, `${process.pid}-${basename(target)}`);
  try {
    onDisk(target, () => {
      mkdirSync(drafts, { recursive: true });
      cpSync(realpathSync(source), draft, { recursive: true, filter: isPlain });
    });
    if (recordDigest(draft) !== digest)
      throw damaged(source, {
        file: EVENTS_FILE,
        what: 'or a file of samples/ is a link, or was changed while it was copied',
      });
    onDisk(target, () => renameSync(draft, target));
    return true;
  } catch (error) {
    // Another import was faster.
    if (existsSync(target)) return assertSame(digest, target);
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    clear(drafts);
  }
}

const isPlain = (path: string): boolean => {
  const found = lstatSync(path);
  return found.isFile() || found.isDirectory();
};

/** Returns false. */
function assertSame(digest: string, target: string): false {
  if (recordDigest(target) === digest) return false;
  throw new ChaosError('CHAOS_IMPORT_CLASH', {
    what: `${target} is there already, with another record`,
    hint: '`chaos judge` on both folders says which of them is whole. Remove the other, and import again.',
    exit: 'bad-input',
    file: target,
  });
}

/** Removes the drafts of imports that were killed, and their folder when it is empty. */
function clear(drafts: string): void {
  if (!existsSync(drafts)) return;
  for (const name of readdirSync(drafts)) {
    if (!isAlive({ pid: Number.parseInt(name, 10), started: '' })) rmSync(join(drafts, name), { recursive: true });
  }
  try {
    rmdirSync(drafts);
  } catch {
    // Another import is at work there.
  }
}
