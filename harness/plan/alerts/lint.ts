import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expectationOf } from '../../core/alerts/rule.ts';
import { formatDuration } from '../../core/duration.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Problem } from '../../core/plan/problem.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { backText } from '../../kit/alerts.ts';
import { longestLookBack, lookBacks } from '../../kit/promql/look-back.ts';
import { promDuration } from '../../core/alerts/prom-duration.ts';
import { promqlMistake } from '../../kit/promql/mistake.ts';
import { placeOf } from '../source/source.ts';
import { faultProblems } from './fault.ts';
import { hasPage } from './page.ts';
import { readRules, ruleFiles, type RulesRead, type WrittenRule } from './rules.ts';

export interface LintOptions {
  /** A file or folder of rules. */
  readonly rules: string;
  /** The folder from which the paths of runbooks count. */
  readonly root: string;
  readonly known: Known;
  /** Absent: the names in faults are not looked up. */
  readonly topology?: TopologySpec | undefined;
  /** How much history there is before a fault, milliseconds. Absent: what a run brings with it. */
  readonly history?: number | undefined;
  /** How long faults are in force in a run, milliseconds. Absent: as long as the expectation of each rule says. */
  readonly fault?: number | undefined;
}

/** A rule as the lint understood it. */
interface LintedRule {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly for_s: number;
  readonly looks_back_s: number;
  readonly fires_within_s: number | null;
  readonly resolves_within_s: number | null;
  readonly runbook: string | null;
  readonly fault: string | null;
}

export interface Linted {
  readonly rules: readonly LintedRule[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const EXPECT_EXAMPLE = 'fires within 30s, resolves within 60s';

/** Where the pages are that a rule may name. */
const PAGES = join('runbooks', 'alerts');

type Report = (path: Path, code: ErrorCode, message: string, hint: string, severity?: Problem['severity']) => Problem;

const reporter =
  ({ source, path: rule }: WrittenRule): Report =>
  (path, code, message, hint, severity = 'error') => ({
    file: source.file,
    ...placeOf(source, [...rule, ...path]),
    code,
    message,
    hint,
    severity,
  });

function runbookProblems({ name, annotations }: WrittenRule, root: string, report: Report): Problem[] {
  const { runbook } = annotations;
  const hint = `Write the page ${PAGES}/${name}.md, and name it: runbook: ${PAGES}/${name}.md`;
  if (runbook === undefined) return [report(['alert'], 'CHAOS_ALERT_RUNBOOK', `${name} names no runbook`, hint)];
  if (hasPage({ annotations }, root)) return [];
  return [report(['annotations', 'runbook'], 'CHAOS_ALERT_RUNBOOK', `${name}: there is no page ${runbook}`, hint)];
}

function expectProblems(rule: WrittenRule, { fault }: LintOptions, report: Report): Problem[] {
  const { name, annotations } = rule;
  const lasting = promDuration(rule.for ?? '');
  const written = annotations['expect'];
  const hint = `Write for example expect: ${EXPECT_EXAMPLE}`;
  if (written === undefined)
    return [report(['alert'], 'CHAOS_ALERT_EXPECT', `${name} does not say how soon it fires`, hint)];
  const expected = expectationOf(rule);
  const at = ['annotations', 'expect'];
  if (expected === undefined) {
    return [report(at, 'CHAOS_ALERT_EXPECT', `${name}: this expectation cannot be read: ${written}`, hint)];
  }
  const longer = (limit: number, what: string): Problem[] => {
    if (lasting < limit) return [];
    const message = `${name} fires only after ${formatDuration(lasting)} (for), and ${what} ${formatDuration(limit)}`;
    return [report(['for'], 'CHAOS_ALERT_FOR', message, 'Make `for` shorter, or allow it more time.')];
  };
  const never = longer(expected.firesMs, 'it is expected within');
  return never.length > 0 || fault === undefined ? never : longer(fault, 'a fault of the run lasts');
}

function historyProblems(
  rule: WrittenRule,
  { recorded }: RulesRead,
  { history }: LintOptions,
  report: Report,
): Problem[] {
  const { name, expr } = rule;
  const ms = longestLookBack(lookBacks(expr, recorded));
  const brought = expectationOf(rule)?.firesMs;
  const there = history ?? brought;
  if (there === undefined || ms <= there) return [];
  const least = backText(ms);
  const message =
    history === undefined
      ? `${name} looks ${least} back: a run on a Prometheus that has just started has less, so it rings sooner than it would`
      : `${name} looks ${least} back, and there is a history of ${backText(history)}`;
  const hint = 'Let it be proven with backfilled history, or write history: short in the hypothesis.';
  return [report(['expr'], 'CHAOS_ALERT_HISTORY', message, hint, history === undefined ? 'warning' : 'error')];
}

function faultOf(rule: WrittenRule, { known, topology }: LintOptions, report: Report): readonly Problem[] {
  const { fault } = rule.annotations;
  if (fault !== undefined) return faultProblems(rule, fault, known, topology);
  const hint = "Write what makes it ring, as in an experiment: fault: 'kill: { service: app, count: 1 }'";
  return [report(['alert'], 'CHAOS_ALERT_FAULT', `${rule.name} names no fault that makes it ring`, hint)];
}

function exprProblems({ name, expr }: WrittenRule, report: Report): Problem[] {
  const mistake = promqlMistake(expr);
  if (mistake === undefined) return [];
  const message = `${name}: ${mistake.what} (character ${mistake.at + 1} of the expression)`;
  return [report(['expr'], 'CHAOS_PROMQL', message, '`promtool check rules FILE` says more.')];
}

/** Returns the pages that no rule names. */
function unusedPages(rules: readonly WrittenRule[], root: string): Problem[] {
  const folder = join(root, PAGES);
  if (!existsSync(folder)) return [];
  const named = new Set(rules.map(({ annotations }) => resolve(root, annotations['runbook'] ?? '')));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md' && !named.has(join(folder, file)))
    .map((file) => ({
      file: join(folder, file),
      line: 1,
      column: 1,
      code: 'CHAOS_RUNBOOK_UNUSED',
      message: `no rule names this page`,
      hint: `Name it in a rule: runbook: ${PAGES}/${file}. Or remove the page.`,
      severity: 'error',
    }));
}

function lintedRule({ recorded }: RulesRead, rule: WrittenRule): LintedRule {
  const { name, source, path, labels, annotations, expr } = rule;
  const expected = expectationOf(rule);
  const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1_000);
  return {
    name,
    file: source.file,
    line: placeOf(source, [...path, 'alert']).line,
    labels,
    for_s: promDuration(rule.for ?? '') / 1_000,
    looks_back_s: longestLookBack(lookBacks(expr, recorded)) / 1_000,
    fires_within_s: seconds(expected?.firesMs),
    resolves_within_s: seconds(expected?.resolvesMs),
    runbook: annotations['runbook'] ?? null,
    fault: annotations['fault'] ?? null,
  };
}

/** Reads alert rules and says what keeps them from being proven, or people from using them. Asks no server. */
export function lintAlerts(options: LintOptions): Linted {
  const { root } = options;
  const read = readRules(ruleFiles(options.rules));
  const found = read.rules.flatMap((rule) => {
    const report = reporter(rule);
    return [
      ...exprProblems(rule, report),
      ...runbookProblems(rule, root, report),
      ...faultOf(rule, options, report),
      ...expectProblems(rule, options, report),
      ...historyProblems(rule, read, options, report),
    ];
  });
  const all = [...read.problems, ...found, ...unusedPages(read.rules, root)];
  return {
    rules: read.rules.map((rule) => lintedRule(read, rule)),
    problems: all.filter(({ severity }) => severity === 'error'),
    warnings: all.filter(({ severity }) => severity === 'warning'),
  };
}
