import { type Change, CHANGES, type Mutant } from '../../core/alerts/mutants.ts';
import type { AlertRuleText, RuleFiles } from '../../core/alerts/rule.ts';
import { inlined } from '../promql/rewrite.ts';

/** Returns the mutants that can be made from a rule. A change that does not fit the rule gives none. */
export function mutantsOf(rule: AlertRuleText, records: RuleFiles['records']): readonly Mutant[] {
  const expr = inlined(rule.expr, records);
  return CHANGES.flatMap((change): Mutant[] => {
    const changed = changedRule(change, rule, expr);
    if (changed === undefined) return [];
    const labels = { ...rule.labels, mutant: change };
    return [{ of: rule.name, change, rule: { ...rule, ...changed, name: `${rule.name} (${change})`, labels } }];
  });
}

/** Returns what is different in the mutant. Undefined when the change does not fit the rule. */
function changedRule(
  change: Change,
  rule: AlertRuleText,
  expr: string,
): Partial<Pick<AlertRuleText, 'expr' | 'for'>> | undefined {
  switch (change) {
    case 'threshold off by ten':
      return other(rule.expr, tenTimes(rule.expr));
    case 'label typo':
      return other(expr, expr.replace(/([{,]\s*\w+)(=~?")/, '$1x$2'));
    case 'wrong for':
      return { for: '1h' };
    case 'absent series':
      // The first word that has a selector or a window after it, or stands alone, is the name of a metric.
      return other(expr, expr.replace(/(?<![\w:.])([a-z]\w*_\w+|up)(?=\{|\[|\s|\)|$)(?!\s*\()/i, '$1_gone'));
    case 'aggregation hides one replica':
      // As if one replica that answers spoke for all. A rule that asks for one only says the same then.
      return /< (?:[2-9]|\d\d)/.test(rule.expr)
        ? other(expr, expr.replace(/\bsum\((up\{[^}]*\})\)/, '3 * max($1)'))
        : undefined;
    case 'route drops it':
    case 'silence left behind':
      return {};
  }
}

const other = (before: string, after: string): { expr: string } | undefined =>
  before === after ? undefined : { expr: after };

/**
 * Returns the expression with each limit made ten times as hard to reach. A limit of 0 has no tenfold, and a count below 1
 * is as much as a count below 0.1.
 */
const tenTimes = (expr: string): string =>
  expr.replaceAll(/([<>]) (\d[\d.e]*)((?: \* [\d.]+)?)/g, (_, sign: string, limit: string, factor: string) => {
    if (sign === '<' && Number(limit) <= 1) return `${sign} ${limit}${factor}`;
    const off = sign === '>' ? Number(limit) * 10 : Number(limit) / 10;
    return `${sign} ${Number(off.toPrecision(12))}${factor}`;
  });
