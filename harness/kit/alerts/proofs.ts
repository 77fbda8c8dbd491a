import type { Proofs, Subject, Unprovable } from '../../core/alerts/proofs.ts';
import { type AlertRuleText, type Expectation, expectationOf, type RuleFiles } from '../../core/alerts/rule.ts';
import { mutantsOf } from './mutants.ts';
import { rangesMs } from '../promql/rewrite.ts';
import { looksBackMs, SCALE, scaledExpectation, scaledRule, waysOf } from './scaled.ts';

/**
 * Groups rules by their faults: one fault judges all its rules and all their mutants. `unscaled`: rules that look back for
 * hours keep their windows, and need a history that is made up.
 */
export function proofsOf({ alerts, records }: RuleFiles, unscaled = false): Proofs {
  const byPromtool: AlertRuleText[] = [];
  const unprovable: Unprovable[] = [];
  const byFault = new Map<string, Subject[]>();
  for (const rule of alerts) {
    const expected = expectationOf(rule);
    const { fault } = rule.annotations;
    if (fault === undefined || expected === undefined) {
      const lacking = fault === undefined ? 'fault' : 'expect: fires within 30s, resolves within 60s';
      unprovable.push({ rule, reason: `it has no annotation ${lacking}` });
      continue;
    }
    if (waysOf(rule, records) === 'by promtool') {
      byPromtool.push(rule);
      continue;
    }
    byFault.set(fault, [...(byFault.get(fault) ?? []), subjectOf(rule, expected, records, unscaled)]);
  }
  return { proofs: [...byFault].map(([fault, subjects]) => ({ fault, subjects })), byPromtool, unprovable };
}

function subjectOf(
  rule: AlertRuleText,
  expected: Expectation,
  records: RuleFiles['records'],
  unscaled: boolean,
): Subject {
  const asItIs = waysOf(rule, records) === 'as it is';
  if (asItIs || unscaled) {
    const history = { ms: looksBackMs(rule, records), from: asItIs ? 'own' : 'backfilled' } as const;
    return { of: rule.name, rule, expected, scaled: null, history, mutants: mutantsOf(rule, records) };
  }
  const scaled = scaledRule(rule, records);
  return {
    of: rule.name,
    rule: scaled,
    expected: scaledExpectation(expected, scaled.expr),
    scaled: SCALE,
    history: { ms: Math.max(...rangesMs(scaled.expr)), from: 'own' },
    mutants: mutantsOf(scaled, new Map()).map((mutant) => ({ ...mutant, of: rule.name })),
  };
}
