import type { AlertRuleText, Expectation, RuleFiles } from '../../core/alerts/rule.ts';
import { longestLookBack, lookBacks } from '../promql/look-back.ts';
import { inlined, rangesMs, withRanges } from '../promql/rewrite.ts';

/** Windows and times are divided by this number: an hour becomes a minute. */
export const SCALE = 60;
/** A window that holds fewer than four scrapes of 5 s says too little. Milliseconds. */
const LEAST_WINDOW_MS = 20_000;
/** A rule that looks back farther than this does not ring for the right reason in a run. Milliseconds. */
const LONG_MS = 300_000;
/** What scrape, evaluation and delivery take, whatever the windows are. Milliseconds. */
const AROUND_MS = 25_000;

/** A scaled rule that looks back farther than this cannot fall silent while a run lasts. Milliseconds. */
const LONGEST_SCALED_MS = 360_000;

/** Returns how far back a rule looks, through recording rules too, milliseconds. */
export function looksBackMs({ expr }: AlertRuleText, records: RuleFiles['records']): number {
  const recorded = new Map([...records].map(([name, behind]) => [name, [behind]]));
  return longestLookBack(lookBacks(expr, recorded));
}

/**
 * Says how a rule can be looked at: in a run as it is, in a run with scaled windows, or by promtool alone, which knows no
 * time to wait.
 */
export function waysOf(rule: AlertRuleText, records: RuleFiles['records']): 'as it is' | 'scaled' | 'by promtool' {
  const ms = looksBackMs(rule, records);
  if (ms < LONG_MS) return 'as it is';
  return ms / SCALE <= LONGEST_SCALED_MS ? 'scaled' : 'by promtool';
}

const shorter = (ms: number): number => Math.max(LEAST_WINDOW_MS, Math.round(ms / SCALE / 1_000) * 1_000);

/** Returns the rule with each window divided by 60, and 20 s at least. It has a name of its own. */
export function scaledRule(rule: AlertRuleText, records: RuleFiles['records']): AlertRuleText {
  const expr = withRanges(inlined(rule.expr, records), shorter);
  return { ...rule, name: `${rule.name}/${SCALE}`, expr, labels: { ...rule.labels, scaled: String(SCALE) } };
}

/** Returns the expectation of a scaled rule: its times divided by 60, and what a scrape and a delivery take all the same. */
export const scaledExpectation = ({ firesMs, resolvesMs }: Expectation, expr: string): Expectation => ({
  firesMs: Math.round(firesMs / SCALE) + AROUND_MS,
  // The shortest window must be past the fault: rules ask it whether the errors go on.
  resolvesMs: Math.max(Math.round(resolvesMs / SCALE), Math.min(...rangesMs(expr))) + AROUND_MS,
});
