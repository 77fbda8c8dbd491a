import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { onDisk } from '../../core/disk-error.ts';
import type { ResultStore } from '../../core/record/run.ts';
import type { Recorded } from './recorded.ts';

/** A folder that goes is here while its files are removed, so that nobody reads half of a run. */
const GOING = '.prune';

/**
 * Removes folders below `reports`, and the rows of their runs. The rows go first: when the database does not answer,
 * nothing is removed, and a row never outlives its folder. Throws what the store throws, CHAOS_NOT_WRITABLE and
 * CHAOS_DISK_FULL. What is left after a crash goes with the next call.
 */
export async function removeAll(
  reports: string,
  folders: readonly Recorded[],
  openStore: () => Promise<ResultStore>,
): Promise<void> {
  const runs = folders.filter(({ kind }) => kind === 'experiment').map(({ run }) => run);
  if (runs.length > 0) {
    await using store = await openStore();
    await store.remove(runs);
  }
  const going = join(reports, GOING);
  for (const { dir } of folders) {
    const gone = join(going, basename(dir));
    onDisk(dir, () => {
      mkdirSync(going, { recursive: true });
      rmSync(gone, { recursive: true, force: true });
      renameSync(dir, gone);
      rmSync(gone, { recursive: true });
    });
  }
  clear(going);
}

/** Removes what an earlier call has left, and the folder. */
function clear(going: string): void {
  if (!existsSync(going)) return;
  onDisk(going, () => {
    for (const name of readdirSync(going)) rmSync(join(going, name), { recursive: true });
    rmdirSync(going);
  });
}
