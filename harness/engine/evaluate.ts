import type { Check } from '../core/check.ts';
import type { CheckResult } from '../core/check-result.ts';
import { describeError } from '../core/errors.ts';
import type { History } from '../core/history.ts';
import type { PlannedCheck } from '../core/plan.ts';

/** Evaluates every hypothesis; a check that throws is INCONCLUSIVE with its reason, never a crash and never a PASS. */
export const evaluate = (history: History, checks: readonly Check[]): CheckResult[] =>
  history.plan.hypotheses.flatMap((hypothesis) => evaluateOne(history, checks, hypothesis));

function evaluateOne(
  history: History,
  checks: readonly Check[],
  { check: name, params, line }: PlannedCheck,
): CheckResult[] {
  const check = checks.find((c) => c.name === name);
  const unknown = (observed: string): CheckResult[] => [
    { name, verdict: 'INCONCLUSIVE', expected: JSON.stringify(params), observed, samples: 0, during: [], line },
  ];
  if (check === undefined) return unknown(`this version has no check "${name}"`);
  try {
    return check.evaluate(history, params).map((result) => ({ ...result, line }));
  } catch (error) {
    return unknown(`the check failed: ${describeError(error)}`);
  }
}

/**
 * Hypotheses that the baseline is shown to violate, those about other phases included: what does not hold without the
 * fault says nothing about the fault. One that is merely not settled in the baseline is not among them.
 */
export function violatedByBaseline(history: History, checks: readonly Check[]): CheckResult[] {
  const found = history.plan.hypotheses.flatMap((hypothesis) => {
    const check = checks.find((c) => c.name === hypothesis.check);
    const params = check?.inPhase?.(hypothesis.params, 'baseline') ?? hypothesis.params;
    return evaluateOne(history, checks, { ...hypothesis, params });
  });
  const broken = found.filter((c) => c.verdict === 'FAIL' && c.during.includes('baseline'));
  // The same limit may stand in several hypotheses, about a phase each.
  return broken.filter((c, i) => broken.findIndex((o) => o.name === c.name && o.expected === c.expected) === i);
}
