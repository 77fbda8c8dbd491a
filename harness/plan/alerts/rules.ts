import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRuleText } from '../../core/alerts/rule.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { mapOf } from '../source/map.ts';
import { placeOf, readSource, type Source, valueOf } from '../source/source.ts';

/** An alert rule in a file, with the place of its parts. */
export interface WrittenRule extends AlertRuleText {
  readonly source: Source;
  readonly path: Path;
}

export interface RulesRead {
  readonly rules: readonly WrittenRule[];
  /** The expressions of the recording rules, by the name that they give. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly Problem[];
}

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(mapOf(value)).map(([key, text]) => [key, String(text)]));
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Returns the files of rules that a path names: the file itself, or the YAML files of a folder. */
export function ruleFiles(path: string): readonly string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((file) => /\.ya?ml$/.test(file));
  return files.toSorted().map((file) => join(path, file));
}

/** Reads alert rules from files, as Prometheus has them. What only Prometheus can refuse is left to promtool. */
export function readRules(files: readonly string[]): RulesRead {
  const rules: WrittenRule[] = [];
  const recorded = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const file of files) {
    const source = readSource(file);
    if (!('doc' in source)) {
      problems.push(...source);
      continue;
    }
    const { groups } = mapOf(valueOf(source));
    if (!Array.isArray(groups)) {
      const message = 'this is no file of rules: it has no list "groups"';
      const hint = 'Name a file or folder that Prometheus reads as rule_files.';
      problems.push({ file, ...placeOf(source, []), code: 'CHAOS_ALERT_RULES', message, hint, severity: 'error' });
    }
    listOf(groups).forEach((group, g) =>
      listOf(mapOf(group)['rules']).forEach((rule, r) => {
        const { alert, record, expr, for: lasting, labels, annotations } = mapOf(rule);
        if (typeof record === 'string') recorded.set(record, [...(recorded.get(record) ?? []), textOf(expr)]);
        if (typeof alert !== 'string') return;
        rules.push({
          name: alert,
          expr: textOf(expr),
          ...(lasting === undefined ? {} : { for: textOf(lasting) }),
          file,
          labels: textsOf(labels),
          annotations: textsOf(annotations),
          source,
          path: ['groups', g, 'rules', r],
        });
      }),
    );
  }
  return { rules, recorded, problems };
}
