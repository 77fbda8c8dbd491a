import { ChaosError } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';

/** Thrown when an experiment file has mistakes. It holds all mistakes. Its own message is the first mistake's. */
export class BadExperiment extends ChaosError {
  readonly problems: readonly Problem[];
  /** All mistakes as text for a terminal, with code frames. */
  readonly rendered: string;

  constructor(problems: readonly Problem[], first: Problem, rendered: string) {
    const { code, message, hint, file, line, column } = first;
    super(code, { what: message, hint, exit: 'bad-input', file, line, column });
    this.problems = problems;
    this.rendered = rendered;
  }
}
