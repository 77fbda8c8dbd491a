import type { CheckResult } from '../core/kinds/check-result.ts';
import { redact } from '../core/text/redact.ts';
import type { JudgedRun, Reporter, RunDocument } from '../core/record/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { foundAndGone, foundInWords } from './wording/found.ts';
import { between } from './wording/figures.ts';
import { headline, resultName } from './wording/headline.ts';
import { rerunCommand } from './wording/rerun.ts';
import { attributesXml, escapeXml } from './wording/xml.ts';

/** Verdicts on the run as a whole, which no check result shows. */
const OF_THE_RUN: ReadonlySet<Verdict> = new Set(['ABORTED', 'NOT READY', 'NOT RESTORED', 'ERROR', 'INTERRUPTED']);

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly problem:
    | { readonly tag: 'failure' | 'error'; readonly type: string; readonly message: string; readonly text: string }
    | undefined;
}

/**
 * junit.xml: one test case for each check result. The run itself is one more test case when something other than a
 * check decided its verdict.
 */
const reporter: Reporter = {
  name: 'junit',
  file: 'junit.xml',
  render(judged) {
    const cases = uniquely([...runCases(judged), ...judged.document.checks.map((check) => checkCase(check, judged))]);
    return redact(suites(judged, cases));
  },
};

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
  const tag = check.verdict === 'FAIL' ? 'failure' : 'error';
  const problem =
    check.verdict === 'PASS' ? undefined : ({ tag, type: check.verdict, message, text: lines.join('\n') } as const);
  return { name: resultName(check), seconds, problem };
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
  const problem = { tag: 'error', type: verdict, message: headline(document), text: lines.join('\n') } as const;
  return [{ name: 'the run', seconds: between(document.started, document.ended) / 1_000, problem }];
}

const about = (document: RunDocument): string[] => [
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

function suites({ document, history }: JudgedRun, cases: readonly Case[]): string {
  const { experiment, run, verdict, seed, started, ended, restored, environment } = document;
  const of = (tag: string): number => cases.filter((c) => c.problem?.tag === tag).length;
  const seconds = (Math.max(0, between(started, ended)) / 1_000).toFixed(3);
  const counts = { tests: cases.length, failures: of('failure'), errors: of('error') };
  const properties = {
    run,
    verdict,
    seed,
    restored: String(restored),
    harness: environment.harness,
    commit: environment.commit,
    node: environment.node,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributesXml({ name: 'chaos', ...counts, time: seconds })}>
  <testsuite${attributesXml({ name: experiment, ...counts, skipped: 0, time: seconds, timestamp: started })}>
    <properties>
${Object.entries(properties)
  .map(([name, value]) => `      <property${attributesXml({ name, value })}/>\n`)
  .join('')}    </properties>
${cases.map((c) => testcase(c, experiment, history.plan.file)).join('')}    <system-out>${escapeXml([headline(document), '', ...about(document)].join('\n'))}</system-out>
  </testsuite>
</testsuites>
`;
}

function testcase({ name, seconds, problem }: Case, experiment: string, file: string): string {
  const head = `    <testcase${attributesXml({ classname: `experiments.${experiment}`, name, file, time: seconds.toFixed(3) })}`;
  if (problem === undefined) return `${head}/>\n`;
  const { tag, type, message, text } = problem;
  return `${head}>\n      <${tag}${attributesXml({ type, message })}>${escapeXml(text)}</${tag}>\n    </testcase>\n`;
}

export default reporter;
