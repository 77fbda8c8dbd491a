import { type Mutant, mutantsOf } from './mutants.ts';
import { type AlertRuleText, expectationOf, type Expectation, type RuleFiles } from './rule.ts';
import { SCALE, scaledExpectation, scaledRule, waysOf } from './scaled.ts';

/** A rule and what is looked at to prove it: the rule itself, or its scaled form. */
interface Subject {
  /** The name of the rule in its file. */
  readonly of: string;
  readonly rule: AlertRuleText;
  readonly expected: Expectation;
  readonly scaled: number | null;
  readonly mutants: readonly Mutant[];
}

/** One fault, and every rule that is to ring by it. */
export interface Proof {
  /** An item of an experiment's faults, as YAML. */
  readonly fault: string;
  readonly subjects: readonly Subject[];
}

/** A rule that cannot be proven, and why. */
interface Unprovable {
  readonly rule: AlertRuleText;
  readonly reason: string;
}

export interface Proofs {
  readonly proofs: readonly Proof[];
  /** Rules that look back for days: promtool alone can show that they ring. */
  readonly byPromtool: readonly AlertRuleText[];
  readonly unprovable: readonly Unprovable[];
}

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

/** Returns the rules that must be loaded beside those of the files: scaled rules and mutants. */
export const loadedBeside = ({ subjects }: Proof): readonly AlertRuleText[] =>
  subjects.flatMap(({ rule, scaled, mutants }) => [
    ...(scaled === null ? [] : [rule]),
    ...mutants.map((mutant) => mutant.rule),
  ]);

/** Returns how long the phases of a proof must be, milliseconds. */
export function phasesOf({ subjects }: Proof): { readonly fault: number; readonly recovery: number } {
  const longest = (of: (expected: Expectation) => number): number =>
    Math.max(...subjects.map(({ expected }) => of(expected)));
  return {
    fault: longest(({ firesMs }) => firesMs) + 10_000,
    recovery: longest(({ resolvesMs }) => resolvesMs) + 10_000,
  };
}
