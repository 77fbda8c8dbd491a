import type { ZodType } from 'zod';
import type { CheckResult } from './check-result.ts';
import type { History } from './history.ts';
import type { JudgedPhase } from './phases.ts';
import type { Named, Stopping } from './stop-rule.ts';

/** One kind of judgement: pure over the recorded history. No samples is INCONCLUSIVE. One file under harness/checks/. */
export interface Check<P = unknown> extends Stopping {
  /** The key in an experiment file; the file's name with underscores. */
  readonly name: string;
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** Names in the parameters that must exist, for validation. */
  refers(params: P): Named;
  /** The same hypothesis about one other phase; absent where a check is not about phases. */
  inPhase?(params: P, phase: JudgedPhase): P;
  /** One result a phase where the check has phases. */
  evaluate(history: History, params: P): readonly CheckResult[];
}

export const defineCheck = <P>(check: Check<P>): Check<P> => check;
