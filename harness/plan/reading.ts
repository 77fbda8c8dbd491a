import type { Known } from '../core/kinds/known.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Problem } from '../core/plan/problem.ts';
import type { ComposeReader, Env } from '../core/topology/compose.ts';

export interface ReadOptions extends Known {
  /** Absolute path. */
  readonly file: string;
  /**
   * The text of the file, when the experiment is an object of a program: see `fileOfObject`. Then a problem has its path
   * in the object, "experiment.faults[0].kill", and no line.
   */
  readonly text?: string | undefined;
  /** The texts that were given to --set. */
  readonly overrides: readonly string[];
  readonly env: Env;
  readonly compose: ComposeReader;
}

/** A plan without its topology. */
export type Experiment = Omit<Plan, 'topology'>;

export interface ReadResult {
  /** Undefined when there are problems, and when Compose is missing. */
  readonly plan: Plan | undefined;
  /** Undefined when there are problems. */
  readonly experiment: Experiment | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}
