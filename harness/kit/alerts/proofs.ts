import type { Proofs, Subject, Unprovable } from '../../core/alerts/proofs.ts';
import { type AlertRuleText, type Expectation, expectationOf, type RuleFiles } from '../../core/alerts/rule.ts';
import { mutantsOf } from './mutants.ts';
import { SCALE, scaledExpectation, scaledRule, waysOf } from './scaled.ts';

/** Groups rules by their faults: one fault judges all its rules and all their mutants. */
export function proofsOf({ alerts, records }: RuleFiles): Proofs {
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
    byFault.set(fault, [...(byFault.get(fault) ?? []), subjectOf(rule, expected, records)]);
  }
  return { proofs: [...byFault].map(([fault, subjects]) => ({ fault, subjects })), byPromtool, unprovable };
}

function subjectOf(rule: AlertRuleText, expected: Expectation, records: RuleFiles['records']): Subject {
  if (waysOf(rule, records) === 'as it is')
    return { of: rule.name, rule, expected, scaled: null, mutants: mutantsOf(rule, records) };
  const scaled = scaledRule(rule, records);
  const mutants = mutantsOf(scaled, new Map()).map((mutant) => ({ ...mutant, of: rule.name }));
  return { of: rule.name, rule: scaled, expected: scaledExpectation(expected, scaled.expr), scaled: SCALE, mutants };
}
