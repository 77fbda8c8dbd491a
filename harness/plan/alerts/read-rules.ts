import type { AlertRuleText, RuleFiles } from '../../core/alerts/rule.ts';
import { ChaosError } from '../../core/errors.ts';
import { readRules, ruleFiles } from './rules.ts';

/**
 * Reads the rule files of Prometheus in a folder, as far as a proof needs them: promtool says whether they are sound. Throws the
 * first mistake with its file and place.
 */
export function readRuleFiles(folder: string): RuleFiles {
  const files = ruleFiles(folder);
  const { rules, recorded, problems } = readRules(files);
  const [first] = problems;
  if (first !== undefined) throw new ChaosError(first.code, { ...first, what: first.message, exit: 'bad-input' });
  if (files.length === 0)
    throw new ChaosError('CHAOS_FILE_MISSING', {
      what: `there is no rule file in ${folder}`,
      hint: 'x-chaos.monitoring.rules names the folder of the alert rules.',
      exit: 'bad-input',
    });
  return {
    alerts: rules.map(({ source: _source, path: _path, ...rule }): AlertRuleText => rule),
    records: new Map([...recorded].flatMap(([name, [expr]]) => (expr === undefined ? [] : [[name, expr]]))),
  };
}
