import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './chaos.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Alert extends Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const PROMETHEUS = join(ROOT, 'topology', 'prometheus');
const texts = (folder: string): readonly string[] =>
  readdirSync(join(PROMETHEUS, folder)).map((file) => readFileSync(join(PROMETHEUS, folder, file), 'utf8'));

const rules: readonly Rule[] = texts('rules').flatMap((text) =>
  (parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }).groups.flatMap((g) => g.rules),
);

export const alerts = rules.filter((rule): rule is Alert => rule.alert !== undefined);
export const records: readonly string[] = rules.flatMap(({ record }) => record ?? []);
export const ruleExpressions: readonly string[] = rules.map(({ expr }) => expr);

/** The expressions that promtool asks at a moment, and the values that are expected there. */
export const promtoolTests: readonly { readonly expr: string; readonly exp_samples: readonly { labels: string }[] }[] =
  texts('tests').flatMap((text) =>
    (
      parse(text) as {
        readonly tests: readonly {
          readonly promql_expr_test: readonly { expr: string; exp_samples: { labels: string }[] }[];
        }[];
      }
    ).tests.flatMap((test) => test.promql_expr_test),
  );

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(readFileSync(join(ROOT, 'topology', 'grafana', 'dashboards', 'wedsync.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};

/** Each expression of the dashboard, with the title of its panel. */
export const panelExpressions: readonly (readonly [title: string, expr: string])[] = dashboard.panels.flatMap(
  ({ title, targets }) => targets.map(({ expr }) => [title, expr] as const),
);

const WORDS = ['and', 'or', 'unless', 'on', 'by', 'bool', 'without', 'ignoring', 'e6'];

/** Returns the names of the metrics in an expression: every word that is no function, label or word of PromQL. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring) *\([^)]*\)/g, ' ');
  const words = bare.match(/(?<![\w.])[a-z_][\w:]*(?! *\(|[\w:])/gi) ?? [];
  return [...new Set(words.filter((word) => !WORDS.includes(word)))];
}
