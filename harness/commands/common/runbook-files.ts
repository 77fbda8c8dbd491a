import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ChaosError } from '../../core/errors.ts';
import type { World } from '../../core/world.ts';
import { nearest } from '../../plan/index.ts';

/** The file that says what is in the folder. It is no runbook. */
const INDEX = 'README.md';

/**
 * Returns the runbooks that the names mean: paths, or names of files in runbooks/ of the working folder, else of this
 * project. Without names, all of them. Throws CHAOS_RUNBOOK_UNKNOWN.
 */
export function runbookFiles(names: readonly string[], { cwd, root }: Pick<World, 'cwd' | 'root'>): readonly string[] {
  const folder =
    [join(cwd, 'runbooks'), join(root, 'runbooks')].find((path) => existsSync(path)) ?? join(cwd, 'runbooks');
  const all = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.md') && name !== INDEX)
        .toSorted()
        .map((name) => join(folder, name))
    : [];
  // Nothing is proven, and no mistake is excluded, where there is no runbook.
  if (names.length === 0 && all.length === 0)
    throw new ChaosError('CHAOS_RUNBOOK_UNKNOWN', {
      what: `there is no runbook in ${folder}`,
      hint: 'Name a file, or write the first one: docs/runbooks.md.',
      exit: 'bad-input',
    });
  if (names.length === 0) return all;
  return names.map((name) => {
    const path = resolve(cwd, name);
    if (name.endsWith('.md') && existsSync(path)) return path;
    const found = all.find((file) => basename(file, '.md') === name);
    if (found !== undefined) return found;
    const known = all.map((file) => basename(file, '.md'));
    const near = nearest(name, known);
    throw new ChaosError('CHAOS_RUNBOOK_UNKNOWN', {
      what: `there is no runbook "${name}"`,
      hint: near === undefined ? `There are: ${known.join(', ') || `none in ${folder}`}.` : `Did you mean "${near}"?`,
      exit: 'bad-input',
    });
  });
}
