import { relative, resolve } from 'node:path';
import type { Plan } from '../core/plan.ts';
import type { World } from '../core/world.ts';
import { catalogue } from '../main.ts';
import { BadExperiment } from './bad-experiment.ts';
import { readExperiment, renderProblems } from '../plan/index.ts';

/** The plan of an experiment file; warnings go to stderr; BadExperiment with every mistake. Touches nothing. */
export function plannedOrExplain(file: string, overrides: readonly string[], world: World): Plan {
  const read = readExperiment({ file: resolve(world.cwd, file), overrides, ...catalogue, env: world.env });
  if (read.warnings.length > 0) world.err.write(renderProblems(read.warnings, world.cwd));
  const [first] = read.problems;
  if (first !== undefined)
    throw new BadExperiment(
      read.problems,
      { ...first, file: relative(world.cwd, first.file) },
      renderProblems(read.problems, world.cwd),
    );
  if (read.plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return read.plan;
}
