import { existsSync } from 'node:fs';
import type { Mismatch } from '../../core/plan/mismatch.ts';
import { didYouMean } from '../../kit/suggest.ts';
import type { Parts } from '../names.ts';
import { mapOf } from '../source/map.ts';
import { readRules, ruleFiles } from './rules.ts';

/** Returns the hypotheses about alerts that no rule of the topology gives. Rules that cannot be read are no mistake here. */
export function unknownAlerts({ topology, hypotheses }: Pick<Parts, 'topology' | 'hypotheses'>): Mismatch[] {
  const folder = topology?.monitoring?.rules;
  const about = hypotheses.flatMap((planned, i) => {
    const { name } = mapOf(planned?.check === 'alert' ? planned.params : undefined);
    return typeof name === 'string' ? [{ name, path: ['hypotheses', i, 'alert', 'name'] }] : [];
  });
  if (folder === undefined || about.length === 0 || !existsSync(folder)) return [];
  const names = [...new Set(readRules(ruleFiles(folder)).rules.map(({ name }) => name))];
  return about
    .filter(({ name }) => !names.includes(name))
    .map(({ name, path }) => ({
      path,
      code: 'CHAOS_NO_RULE',
      message: `no rule of the topology has the alert "${name}"`,
      hint: didYouMean(name, names),
    }));
}
