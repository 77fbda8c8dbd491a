import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../core/topology/snapshot/snapshot.ts';
import { writeWhole } from '../disk/whole.ts';

const BEFORE_FILE = 'before.json';

/**
 * Keeps the snapshot from before the first fault in the folder of the run's notes, where another process finds it. The
 * record has it too, but redacted: the name of a container may contain what looks like a secret.
 */
export const keepBefore = (folder: string, snapshot: Snapshot): void =>
  writeWhole(join(folder, BEFORE_FILE), `${JSON.stringify(snapshot)}\n`, { mode: 0o600, synced: true });

/** Returns the snapshot; undefined when the run died before it was taken. Throws when it cannot be read. */
export function readBefore(folder: string): Snapshot | undefined {
  const path = join(folder, BEFORE_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Snapshot) : undefined;
}
