import type { World } from '../../core/world.ts';
import { reportsDir } from '../../main.ts';
import { folderOf, type FolderKind, type Unreadable } from '../../record/folders.ts';

/** Returns a function that names on stderr each folder that cannot be read. */
export const passedOver =
  (world: World) =>
  ({ dir, message }: Unreadable): void =>
    world.err.write(`warning: ${dir} is passed over: ${message}\n`);

/** Returns the folder that a user means: see `folderOf`. `reports`: the value of --reports. */
export const runFolder = (run: string, kinds: readonly FolderKind[], world: World, reports?: string): string =>
  folderOf(run, { reports: reports ?? reportsDir(world.root, world.env), kinds, passOver: passedOver(world) });
