import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The result of the last set-up, in `.chaos/setup.json`. It shows in milliseconds that there is nothing to do. */
export interface Stamp {
  readonly version: typeof STAMP_VERSION;
  /** Hash over all files from which our images are built. */
  readonly inputs: string;
  /**
   * Image name -> id, for base images and ours. A tag belongs to the whole machine: another clone may have moved it.
   */
  readonly images: Readonly<Record<string, string>>;
}

const STAMP_VERSION = 1;
export const COMPOSE_FILE = 'docker-compose.chaos.yml';

const stampPath = (root: string): string => join(root, '.chaos', 'setup.json');

/** Returns the stamp, or undefined when there is none or when this version does not understand it. */
export function readStamp(root: string): Stamp | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(stampPath(root), 'utf8'));
    return isStamp(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function writeStamp(root: string, inputs: string, images: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, '.chaos'), { recursive: true });
  const stamp: Stamp = { version: STAMP_VERSION, inputs, images };
  const part = `${stampPath(root)}.${String(process.pid)}`;
  writeFileSync(part, `${JSON.stringify(stamp, undefined, 2)}\n`);
  renameSync(part, stampPath(root));
}

/**
 * Hashes names, executable bits and contents of `topology/` and of the compose file, and the tag that the images get.
 * It leaves node_modules out, because the lock file defines them. Times do not count, so a new checkout of the same
 * commit gives the same hash.
 */
export function hashInputs(root: string, imageTag = process.env['CHAOS_IMAGE_TAG'] ?? ''): string {
  const hash = createHash('sha256').update(`${imageTag}\0`);
  const add = (path: string): void => {
    const content = readFileSync(join(root, path));
    const executable = (statSync(join(root, path)).mode & 0o111) !== 0 ? 'x' : '-';
    hash.update(`${path}\0${executable}\0${String(content.length)}\0`).update(content);
  };
  for (const path of filesBelow(root, 'topology')) add(path);
  try {
    add(COMPOSE_FILE);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return hash.digest('hex');
}

/** Returns the first reason why the set-up has work to do, or undefined when everything is as the stamp says. */
export function staleness(
  stamp: Stamp | undefined,
  inputs: string,
  present: Readonly<Record<string, string>>,
): string | undefined {
  if (stamp === undefined) return 'never set up here';
  if (stamp.inputs !== inputs) return 'the topology changed';
  for (const [name, id] of Object.entries(stamp.images)) {
    if (present[name] === undefined) return `the image ${name} is gone`;
    if (present[name] !== id) return `the image ${name} was replaced`;
  }
  return undefined;
}

function filesBelow(root: string, directory: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(root, directory), { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${directory}/${entry.name}`;
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) files.push(...filesBelow(root, path));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isStamp(value: unknown): value is Stamp {
  if (typeof value !== 'object' || value === null) return false;
  if (!('version' in value) || !('inputs' in value) || !('images' in value)) return false;
  const { version, inputs, images } = value;
  if (version !== STAMP_VERSION || typeof inputs !== 'string' || typeof images !== 'object' || images === null)
    return false;
  return Object.values(images).every((id) => typeof id === 'string');
}
