import { resolve } from 'node:path';
import { ChaosError } from '../../core/errors.ts';
import type { World } from '../../core/world.ts';
import { writeWhole } from '../../disk/whole.ts';

/** Writes a page where the user asked for it, and says where. A path that is no good is CHAOS_NOT_WRITABLE. */
export function writePage(file: string, page: string, world: World): void {
  const path = resolve(world.cwd, file);
  try {
    writeWhole(path, page);
  } catch (error) {
    if (error instanceof ChaosError && error.code !== 'CHAOS_NOT_WRITABLE') throw error;
    throw new ChaosError('CHAOS_NOT_WRITABLE', {
      what: `${file} could not be written`,
      hint: 'Name a file, in a folder that exists and that this user may write.',
      exit: 'not-ready',
      cause: error,
    });
  }
  world.err.write(`${path}\n`);
}
