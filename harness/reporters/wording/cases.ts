import type { CheckResult } from '../../core/kinds/check-result.ts';
import type { JudgedRun, RunDocument } from '../../core/record/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import { between } from './figures.ts';
import { foundAndGone, foundInWords } from './found.ts';
import { headline, resultName } from './headline.ts';
import { rerunCommand } from './rerun.ts';

/** A check result, or the run itself, as formats of test results show it: a test case. */
export interface Case {
  /** Unique within the run. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** The line of the hypothesis in its file. Absent when nobody knows it, and for the run itself. */
  readonly line?: number | undefined;
  /** What was seen, in a sentence and at length. Undefined for a PASS. */
  readonly problem: { readonly message: string; readonly text: string } | undefined;
}

/** Verdicts on the run as a whole, which no check result shows. */
const OF_THE_RUN: ReadonlySet<Verdict> = new Set(['ABORTED', 'NOT READY', 'NOT RESTORED', 'ERROR', 'INTERRUPTED']);

/** Returns a case for each check result. The run itself is one more when something other than a check decided its verdict. */
export const casesOf = (judged: JudgedRun): Case[] =>
  uniquely([...runCases(judged), ...judged.document.checks.map((check) => checkCase(check, judged))]);

function checkCase(check: CheckResult, { document, history }: JudgedRun): Case {
  const windows = document.phases.filter((p) => check.during.some((d) => d === p.name));
  const seconds = windows.reduce((sum, p) => sum + between(p.started, p.ended) / 1_000, 0);
  const where = check.line === undefined ? history.plan.file : `${history.plan.file}:${check.line}`;
  const lines = [
    `expected: ${check.expected}`,
    `observed: ${check.observed}`,
    `samples:  ${check.samples}`,
    `during:   ${check.during.join(', ') || 'the whole run'}`,
    `written:  ${where}`,
    '',
    ...about(document),
  ];
  const message = `expected ${check.expected}, observed ${check.observed}`;
  const { verdict, line } = check;
  const problem = verdict === 'PASS' ? undefined : { message, text: lines.join('\n') };
  return { name: resultName(check), verdict, seconds, line, problem };
}

function runCases({ document }: JudgedRun): Case[] {
  const { verdict, invalid, residue } = document;
  if (!OF_THE_RUN.has(verdict) && invalid.length === 0) return [];
  const lines = [
    headline(document),
    ...invalid.map((i) => `${i.code}: ${i.message}`),
    ...foundAndGone(document).map((one) => `found by the audit: ${foundInWords(one)}`),
    ...residue.map((r) => `left behind: ${r.kind} ${r.target}; repair it with: ${r.how_to_undo}`),
    '',
    ...about(document),
  ];
  const problem = { message: headline(document), text: lines.join('\n') };
  return [{ name: 'the run', verdict, seconds: between(document.started, document.ended) / 1_000, problem }];
}

/** Returns what else there is to know of a run: its faults, its report, and how to run it again. */
export const about = (document: RunDocument): string[] => [
  ...document.faults.map((f) => `fault ${f.id} on ${f.target || 'nothing'}: ${f.effective}; ${f.evidence}`),
  `report: ${document.dir}/report.html`,
  `again:  ${rerunCommand(document)}`,
];

/** Makes names unique, because GitLab drops the second of two cases that have the same name. */
function uniquely(cases: readonly Case[]): Case[] {
  const seen = new Map<string, number>();
  return cases.map((c) => {
    const times = (seen.get(c.name) ?? 0) + 1;
    seen.set(c.name, times);
    return times === 1 ? c : { ...c, name: `${c.name} #${times}` };
  });
}
