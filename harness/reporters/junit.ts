import { redact } from '../core/text/redact.ts';
import type { JudgedRun, Reporter } from '../core/record/run.ts';
import { about, type Case, casesOf } from './wording/cases.ts';
import { between } from './wording/figures.ts';
import { headline } from './wording/headline.ts';
import { attributesXml, escapeXml } from './wording/xml.ts';

/**
 * junit.xml: one test case for each check result. The run itself is one more test case when something other than a
 * check decided its verdict.
 */
const reporter: Reporter = {
  name: 'junit',
  file: 'junit.xml',
  render: (judged) => redact(suites(judged, casesOf(judged))),
};

/** A hypothesis that did not hold is a failure. Everything else that is no PASS is an error. */
const tagOf = ({ problem, verdict }: Case): 'failure' | 'error' | undefined =>
  problem === undefined ? undefined : verdict === 'FAIL' ? 'failure' : 'error';

function suites({ document, history }: JudgedRun, cases: readonly Case[]): string {
  const { experiment, run, verdict, seed, started, ended, restored, environment } = document;
  const of = (tag: string): number => cases.filter((c) => tagOf(c) === tag).length;
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

function testcase(one: Case, experiment: string, file: string): string {
  const { name, seconds, problem, verdict } = one;
  const tag = tagOf(one);
  const head = `    <testcase${attributesXml({ classname: `experiments.${experiment}`, name, file, time: seconds.toFixed(3) })}`;
  if (problem === undefined || tag === undefined) return `${head}/>\n`;
  const { message, text } = problem;
  return `${head}>\n      <${tag}${attributesXml({ type: verdict, message })}>${escapeXml(text)}</${tag}>\n    </testcase>\n`;
}

export default reporter;
