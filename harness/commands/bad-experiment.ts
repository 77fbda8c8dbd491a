import { ChaosError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';

/** Thrown when an experiment file has mistakes: all of them, and the first as the error itself. */
export class BadExperiment extends ChaosError {
  readonly problems: readonly Problem[];
  /** For a terminal, with code frames. */
  readonly rendered: string;

  constructor(problems: readonly Problem[], first: Problem, rendered: string) {
    const { code, message, hint, file, line, column } = first;
    super(code, { what: message, hint, exit: 'bad-input', file, line, column });
    this.problems = problems;
    this.rendered = rendered;
  }
}
