import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import { writeWhole } from '../../disk/whole.ts';
import { GITLAB_CI, GITLAB_INCLUDE, type ProjectFile } from './files.ts';

export interface WrittenFile {
  readonly path: string;
  /** kept: a file of the project that is never replaced. */
  readonly state: 'written' | 'unchanged' | 'kept';
}

/**
 * Writes files into a project's folder. Throws CHAOS_INIT_EXISTS, and writes nothing, when one of them is there with
 * another content, unless `force`. `.gitlab-ci.yml` is never replaced. Throws CHAOS_NOT_WRITABLE and CHAOS_DISK_FULL.
 */
export function writeFiles(root: string, files: readonly ProjectFile[], force: boolean): readonly WrittenFile[] {
  const planned = files.map((file) => ({ ...file, state: stateOf(root, file) }));
  const [other, ...others] = planned.filter(({ state }) => state === 'other');
  if (other !== undefined && !force) {
    throw new ChaosError('CHAOS_INIT_EXISTS', {
      what: `${[other, ...others].map(({ path }) => path).join(', ')} would be replaced`,
      hint: 'Compare with git, and write --force to replace. Nothing was written.',
      exit: 'bad-input',
      file: other.path,
    });
  }
  return planned.map(({ path, text, state }): WrittenFile => {
    if (state === 'unchanged' || state === 'kept') return { path, state };
    const at = join(root, path);
    onDisk(at, () => mkdirSync(dirname(at), { recursive: true }));
    writeWhole(at, text);
    return { path, state: 'written' };
  });
}

function stateOf(root: string, { path, text }: ProjectFile): 'new' | 'other' | 'unchanged' | 'kept' {
  const at = join(root, path);
  if (!existsSync(at)) return 'new';
  if (onDisk(at, () => readFileSync(at, 'utf8')) === text) return 'unchanged';
  return path === GITLAB_CI ? 'kept' : 'other';
}

/** Returns what a person must still add to the project; undefined when nothing is missing. */
export function stillToAdd(root: string, written: readonly WrittenFile[]): string | undefined {
  const kept = written.some(({ path, state }) => path === GITLAB_CI && state === 'kept');
  if (!kept || readFileSync(join(root, GITLAB_CI), 'utf8').includes('.gitlab/chaos.yml')) return undefined;
  return `add to ${GITLAB_CI}:\n${GITLAB_INCLUDE}`;
}
