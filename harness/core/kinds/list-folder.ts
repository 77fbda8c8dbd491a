import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { ChaosError } from '../errors.ts';
import { MODULE } from '../module.ts';

interface Named {
  readonly name: string;
}

/**
 * Returns the default export of every module in a folder but the index, sorted by file name. So a new fault, check,
 * series, probe, step, protocol or reporter is a new file, and no list of them is kept by hand. `folder` ends with a
 * slash. Folders within it are not read: files use them for their parts. Throws CHAOS_KIND_NAME when a file has no
 * default export, and when a thing and its file have different names: then two things could have one name.
 */
export async function listFolder<T extends Named>(folder: URL): Promise<readonly T[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(MODULE) && file !== `index${MODULE}`);
  const found: T[] = [];
  for (const file of files.sort()) {
    const { default: thing } = (await import(new URL(file, folder).href)) as { default: T | undefined };
    if (thing === undefined || `${thing.name}${MODULE}` !== file)
      throw misnamed(basename(folder.pathname), file, thing?.name);
    found.push(thing);
  }
  return found;
}

const misnamed = (folder: string, file: string, name: string | undefined): ChaosError =>
  new ChaosError('CHAOS_KIND_NAME', {
    what: `harness/${folder}/${file} ${name === undefined ? 'has no default export' : `defines "${name}"`}`,
    hint: 'Each file there exports one thing as its default, and the thing has the name of its file.',
    exit: 'error',
  });
