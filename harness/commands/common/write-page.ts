import { resolve } from 'node:path';
import type { World } from '../../core/world.ts';
import { writeWhole } from '../../disk/whole.ts';
import { onAskedFile } from './asked-file.ts';

/** Writes a page where the user asked for it, and says where. A path that is no good is CHAOS_NOT_WRITABLE. */
export function writePage(file: string, page: string, world: World): void {
  const path = resolve(world.cwd, file);
  onAskedFile(file, () => writeWhole(path, page));
  world.err.write(`${path}\n`);
}
