import { resolve } from 'node:path';
import type { Plan } from '../../core/plan/plan.ts';
import type { World } from '../../core/world.ts';
import type { Known } from '../../core/kinds/known.ts';
import { type Catalogues, cataloguesFor, compose } from '../../main.ts';
import { badFile } from './bad-file.ts';
import { composeFilesOf, composeMissing, readExperiment, renderProblems } from '../../plan/index.ts';

/** Returns what an experiment file may name: what ships, and what the config of its project adds. */
export const cataloguesOf = (file: string, world: World): Promise<Catalogues> =>
  cataloguesFor(composeFilesOf({ file: resolve(world.cwd, file) }), world.cwd);

/**
 * Returns the plan of an experiment file. `known`: see `cataloguesOf`. Warnings go to stderr.
 * Changes nothing. Throws BadExperiment with every mistake, and CHAOS_COMPOSE_MISSING without Compose.
 */
export function plannedOrExplain(file: string, overrides: readonly string[], world: World, known: Known): Plan {
  const read = readExperiment({ file: resolve(world.cwd, file), overrides, ...known, env: world.env, compose });
  if (read.experiment !== undefined && read.plan === undefined) throw composeMissing();
  if (read.warnings.length > 0) world.err.write(renderProblems(read.warnings, world.cwd));
  if (read.problems.length > 0) throw badFile(read.problems, world);
  if (read.plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return read.plan;
}
