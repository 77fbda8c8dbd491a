import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AlertRuleText } from '../../core/alerts/rule.ts';

/** Says whether a rule names a page that is there. An address is taken as it is. `root`: where paths of pages begin. */
export function hasPage({ annotations }: Pick<AlertRuleText, 'annotations'>, root: string): boolean {
  const { runbook } = annotations;
  return runbook !== undefined && (/^https?:/.test(runbook) || existsSync(resolve(root, runbook)));
}
