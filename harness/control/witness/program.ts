import { readdirSync, readFileSync } from 'node:fs';
import { MODULE } from '../../core/module.ts';
import { protocols } from '../../protocols/index.ts';
import type { TarFile } from '../docker/tar.ts';

const HARNESS = new URL('../../', import.meta.url);
const INSIDE = 'control/witness/inside/';
/** The folder of the files in a helper container. Below it they have the same paths as under harness/. */
const PLACE = 'chaos/';

/**
 * Returns the files that a witness needs in its container: its own files, and the files of the protocols. They are read
 * when a witness starts, so no image holds an old copy of them.
 */
export function witnessFiles(): readonly TarFile[] {
  const modules = readdirSync(new URL(INSIDE, HARNESS)).filter((file) => file.endsWith(MODULE));
  const inside = modules.map((file) => `${INSIDE}${file}`);
  const spoken = protocols.map(({ name }) => `protocols/${name}${MODULE}`);
  const files = [...inside, ...spoken].map((path) => ({
    path: `${PLACE}${path}`,
    text: readFileSync(new URL(path, HARNESS), 'utf8'),
  }));
  return [{ path: `${PLACE}package.json`, text: '{ "type": "module" }' }, ...files];
}

/** Returns the command that runs a witness: 'answers' or 'datagrams'. */
export const witnessCommand = (script: 'answers' | 'datagrams'): readonly string[] => [
  'node',
  `/${PLACE}${INSIDE}${script}${MODULE}`,
];
