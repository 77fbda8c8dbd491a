import { relative } from 'node:path';
import type { Problem } from '../../core/plan/problem.ts';
import type { World } from '../../core/world.ts';
import { renderProblems } from '../../plan/index.ts';
import { BadExperiment } from './bad-experiment.ts';

/**
 * Returns the error of a file with these mistakes. Paths are shown as they are seen from where the user is. It is not in
 * `bad-experiment.ts`, which every command loads: what reads files takes long to load.
 */
export function badFile(problems: readonly Problem[], { cwd }: Pick<World, 'cwd'>): BadExperiment {
  const [first] = problems;
  if (first === undefined) throw new TypeError('a file that cannot be read has problems');
  return new BadExperiment(problems, { ...first, file: relative(cwd, first.file) }, renderProblems(problems, cwd));
}
