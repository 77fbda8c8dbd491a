import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk of its own that can be filled at any moment. */
export interface SmallDisk extends Disposable {
  readonly dir: string;
  /** Leaves no free byte. */
  fill(): void;
  /** Frees what `fill` took. */
  free(): void;
}

/**
 * Mounts a disk in memory. Returns undefined where this user may not mount: only root may. `below`: the folder in which
 * it is mounted. `owner`: the user, by number, to whom the disk belongs.
 */
export function smallDisk(kib: number, below: string = tmpdir(), owner?: number): SmallDisk | undefined {
  const dir = mkdtempSync(join(below, 'small-disk-'));
  const options = `size=${kib}k${owner === undefined ? '' : `,uid=${owner},gid=${owner},mode=0700`}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    fill() {
      const { bavail, bsize } = statfsSync(dir);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize));
      } catch (error) {
        // Others write too: then the disk is full before everything is written.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', dir], { stdio: 'ignore' });
      rmdirSync(dir);
    },
  };
}
