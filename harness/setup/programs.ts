import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../disk/whole.ts';
import type { Shell } from './shell.ts';
import { hashInputs, readStamp } from './stamp.ts';

/** By the name of each image: the programs that a command finds in it by name, sorted. */
export type Programs = Readonly<Record<string, readonly string[]>>;

interface Inventory {
  readonly version: typeof VERSION;
  /** By the id of each image: what is in an image never changes. */
  readonly images: Programs;
}

const VERSION = 1;
const LOOK_DEADLINE_MS = 20_000;
/** Prints the names of the files in the folders of PATH that may be carried out. */
const LIST =
  'IFS=:; for folder in $PATH; do for file in "$folder"/*; do [ -x "$file" ] && echo "${file##*/}"; done; done';

const fileOf = (root: string): string => join(root, '.chaos', 'programs.json');

/**
 * Looks into images that were not looked into before, and keeps what is there in `.chaos/programs.json`. `images`: ids by
 * name. An image without a shell, or that does not start, has no entry: then nobody knows what is in it.
 */
export async function lookIntoImages(
  shell: Shell,
  root: string,
  images: Readonly<Record<string, string>>,
): Promise<void> {
  const known = read(root)?.images ?? {};
  const ids = [...new Set(Object.values(images))];
  const kept = ids.flatMap((id) => (known[id] === undefined ? [] : [[id, known[id]] as const]));
  const fresh: (readonly [string, readonly string[]])[] = [];
  for (const id of ids.filter((one) => known[one] === undefined)) {
    const look = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', id, '-c', LIST];
    const { code, stdout } = await shell('docker', look, { deadlineMs: LOOK_DEADLINE_MS });
    const programs = stdout.split('\n').filter((line) => line !== '');
    if (code === 0 && programs.length > 0) fresh.push([id, [...new Set(programs)].toSorted()]);
  }
  const inventory: Inventory = { version: VERSION, images: Object.fromEntries([...kept, ...fresh]) };
  mkdirSync(join(root, '.chaos'), { recursive: true });
  writeWhole(fileOf(root), `${JSON.stringify(inventory)}\n`);
}

/**
 * Returns what is in the images of the last set-up. Undefined when it did not look, or when the files from which they are
 * built have changed since. Asks no engine.
 */
export function programsOfImages(root: string): Programs | undefined {
  const [inventory, stamp] = [read(root), readStamp(root)];
  if (inventory === undefined || stamp === undefined || stamp.inputs !== hashInputs(root)) return undefined;
  return Object.fromEntries(
    Object.entries(stamp.images).flatMap(([name, id]) => {
      const programs = inventory.images[id];
      return programs === undefined ? [] : [[name, programs]];
    }),
  );
}

function read(root: string): Inventory | undefined {
  try {
    const value = JSON.parse(readFileSync(fileOf(root), 'utf8')) as Partial<Inventory> | null;
    return value?.version === VERSION && typeof value.images === 'object' ? (value as Inventory) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a set-up has looked into the images. */
export const hasLooked = (root: string): boolean => read(root) !== undefined;
