import { resolve } from 'node:path';
import type { Plan } from '../../core/plan/plan.ts';
import type { World } from '../../core/world.ts';
import { catalogue, compose } from '../../main.ts';
import { badFile } from './bad-file.ts';
import { composeMissing, readExperiment, renderProblems } from '../../plan/index.ts';

/**
 * Returns the plan of an experiment file. Warnings go to stderr. Changes nothing. Throws BadExperiment with every
 * mistake, and CHAOS_COMPOSE_MISSING without Compose.
 */
export function plannedOrExplain(file: string, overrides: readonly string[], world: World): Plan {
  const read = readExperiment({ file: resolve(world.cwd, file), overrides, ...catalogue, env: world.env, compose });
  if (read.experiment !== undefined && read.plan === undefined) throw composeMissing();
  if (read.warnings.length > 0) world.err.write(renderProblems(read.warnings, world.cwd));
  if (read.problems.length > 0) throw badFile(read.problems, world);
  if (read.plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return read.plan;
}
