import { relative, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import type { World } from '../core/world.ts';
import { catalogue } from '../main.ts';
import { type Problem, readExperiment, renderProblems } from '../plan/index.ts';

/** Thrown when a file has more than one mistake: all of them, and the first as the error itself. */
export class BadExperiment extends ChaosError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], first: Problem) {
    const { code, message, hint, file, line, column } = first;
    super(code as `CHAOS_${string}`, { what: message, hint, exit: 'bad-input', file, line, column });
    this.problems = problems;
  }
}

/** The plan of an experiment file; warnings go to stderr; BadExperiment with every mistake. Touches nothing. */
export function plannedOrExplain(file: string, overrides: readonly string[], world: World): Plan {
  const read = readExperiment({ file: resolve(world.cwd, file), overrides, ...catalogue, env: world.env });
  if (read.warnings.length > 0) world.err.write(renderProblems(read.warnings, world.cwd));
  const [first] = read.problems;
  if (first !== undefined) throw new BadExperiment(read.problems, { ...first, file: relative(world.cwd, first.file) });
  if (read.plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return read.plan;
}
