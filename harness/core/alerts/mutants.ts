import type { AlertRuleText } from './rule.ts';

/** What was changed in a rule, or on its way to a person. */
export const CHANGES = [
  'threshold off by ten',
  'label typo',
  'wrong for',
  'absent series',
  'aggregation hides one replica',
  'route drops it',
  'silence left behind',
] as const;
export type Change = (typeof CHANGES)[number];

/** A rule with one mistake, as people make them. It has the name of its rule and of its change. */
export interface Mutant {
  /** The name of the rule that it was made from. */
  readonly of: string;
  readonly change: Change;
  readonly rule: AlertRuleText;
}

/** Alertmanager tells these mutants by the label `mutant`. Their rules are as their original. */
export const ON_THE_WAY: readonly Change[] = ['route drops it', 'silence left behind'];
