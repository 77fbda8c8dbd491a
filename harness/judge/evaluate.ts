import type { Check } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { describeError } from '../core/errors.ts';
import type { History } from '../core/record/history.ts';
import type { PlannedCheck } from '../core/plan/plan.ts';

/** Evaluates every hypothesis. A check that throws is INCONCLUSIVE, with the error as its reason. */
export const evaluate = (history: History, checks: readonly Check[]): CheckResult[] =>
  history.plan.hypotheses.flatMap((hypothesis, i) => evaluateOne(history, checks, hypothesis, i));

function evaluateOne(
  history: History,
  checks: readonly Check[],
  { check: name, params, line }: PlannedCheck,
  hypothesis: number,
): CheckResult[] {
  const check = checks.find((c) => c.name === name);
  const unknown = (observed: string): CheckResult[] => {
    const expected = described(check, params);
    return [{ name, verdict: 'INCONCLUSIVE', expected, observed, samples: 0, during: [], hypothesis, line }];
  };
  if (check === undefined) return unknown(`this version has no check "${name}"`);
  try {
    return check.evaluate(history, params).map((result) => ({ ...result, hypothesis, line }));
  } catch (error) {
    return unknown(`the check could not be evaluated: ${describeError(error)}`);
  }
}

/** Returns the hypothesis in the words of its check. When the check cannot say it, returns its parameters as JSON. */
function described(check: Check | undefined, params: unknown): string {
  try {
    return check?.describe(params) ?? JSON.stringify(params);
  } catch {
    return JSON.stringify(params);
  }
}

/**
 * Returns the hypotheses that the baseline violates, also hypotheses about other phases: a limit that does not hold
 * without the fault says nothing about the fault. A hypothesis that is INCONCLUSIVE in the baseline is not returned.
 */
export function violatedByBaseline(whole: History, checks: readonly Check[]): CheckResult[] {
  // What a hypothesis about several phases found in a later phase is no fault of the baseline.
  const end = whole.windows.findIndex(({ phase }) => phase === 'baseline') + 1;
  const history = { ...whole, windows: whole.windows.slice(0, end) };
  const found = history.plan.hypotheses.flatMap((hypothesis, i) => {
    const check = checks.find((c) => c.name === hypothesis.check);
    const params = check?.inPhase?.(hypothesis.params, 'baseline') ?? hypothesis.params;
    return evaluateOne(history, checks, { ...hypothesis, params }, i);
  });
  const broken = found.filter((c) => c.verdict === 'FAIL' && c.during.includes('baseline'));
  // Several hypotheses may have the same limit, each for another phase.
  return broken.filter((c, i) => broken.findIndex((o) => o.name === c.name && o.expected === c.expected) === i);
}
