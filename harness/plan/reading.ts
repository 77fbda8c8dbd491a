import type { Known } from '../core/kinds/known.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Problem } from '../core/plan/problem.ts';
import type { ComposeReader, Env } from '../core/topology/compose.ts';

export interface ReadOptions extends Known {
  /** Absolute path. */
  readonly file: string;
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
