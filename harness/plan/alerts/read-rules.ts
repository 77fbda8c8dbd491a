import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AlertRuleText, RuleFiles } from '../../core/alerts/rule.ts';
import { ChaosError } from '../../core/errors.ts';
import { readSource, valueOf } from '../source/source.ts';

const texts = z.record(z.string(), z.coerce.string()).default({});
const rule = z.looseObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.coerce.string(),
  for: z.string().optional(),
  labels: texts,
  annotations: texts,
});
const ruleFile = z.looseObject({ groups: z.array(z.looseObject({ rules: z.array(rule).default([]) })).default([]) });

/**
 * Reads the rule files of Prometheus in a folder, as far as a proof needs them: promtool says whether they are sound. Throws the
 * first mistake with its file and place.
 */
export function readRuleFiles(folder: string): RuleFiles {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  if (files.length === 0)
    throw new ChaosError('CHAOS_FILE_MISSING', {
      what: `there is no rule file in ${folder}`,
      hint: 'x-chaos.monitoring.rules names the folder of the alert rules.',
      exit: 'bad-input',
    });
  const rules = files.toSorted().flatMap((name) => rulesIn(join(folder, name)));
  return {
    alerts: rules.flatMap(({ file, alert, expr, for: lasts, labels, annotations }): AlertRuleText[] =>
      alert === undefined
        ? []
        : [{ name: alert, expr, labels, annotations, file, ...(lasts === undefined ? {} : { for: lasts }) }],
    ),
    records: new Map(rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, expr]]))),
  };
}

function rulesIn(file: string): readonly (z.output<typeof rule> & { readonly file: string })[] {
  const source = readSource(file);
  if (!('doc' in source)) {
    const [first] = source;
    throw new ChaosError(first?.code ?? 'CHAOS_FILE_UNREADABLE', {
      ...first,
      what: first?.message ?? 'the file cannot be read',
      hint: first?.hint ?? '`promtool check rules` says more.',
      exit: 'bad-input',
    });
  }
  const { data, error } = ruleFile.safeParse(valueOf(source));
  if (data !== undefined) return data.groups.flatMap(({ rules }) => rules.map((one) => ({ ...one, file })));
  throw new ChaosError('CHAOS_WRONG_TYPE', {
    file,
    what: `this is no file of rules: ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`,
    hint: '`promtool check rules FILE` says more.',
    exit: 'bad-input',
  });
}
