import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './chaos.ts';

const PARTS = ['package.json', 'docker-compose.chaos.yml', 'topology/standbys.yml', 'harness', 'experiments'];

/** Makes another checkout of this working tree in a folder, with the same packages. Returns the folder. */
export function cloneInto(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
