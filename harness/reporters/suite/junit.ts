import type { SuiteDocument } from '../../core/suite/document.ts';
import type { SuiteReporter } from '../../core/suite/reporter.ts';
import { attributesXml, escapeXml } from '../wording/xml.ts';
import { suiteRemark } from '../wording/suite.ts';

/** junit.xml of a run has its test suite between these. */
const INNER = /<testsuites[^>]*>\n?([\s\S]*?)<\/testsuites>/;
/** The counts of a test suite, in its first tag. */
const COUNT = (name: string): RegExp => new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`);

/**
 * junit.xml of a suite: the test suite of each run as the run itself wrote it, every attempt included, and one more with what was
 * not run. A failure that a later attempt did not have stays a failure. What the suite itself does not count as one is
 * skipped: the failure of a control, which must fail, and of an experiment in quarantine.
 */
export const junit: SuiteReporter = {
  file: 'junit.xml',
  option: 'junit',
  render(document, read) {
    const runs = document.experiments.flatMap(({ key, attempts, quarantined }) =>
      attempts.map(({ run, dir, verdict }, i) => {
        const text = read(dir, 'junit.xml');
        const why =
          quarantined === undefined
            ? verdict === 'PASS'
              ? 'it failed as it must'
              : undefined
            : `in quarantine: ${quarantined.why}`;
        const of = { key, run, attempt: i + 1 };
        return ofRun(text === undefined || why === undefined ? text : excused(text, why), of);
      }),
    );
    const parts = [...runs, own(document)];
    const sum = (name: string): number =>
      parts.reduce((total, text) => total + Number(COUNT(name).exec(text)?.[1] ?? 0), 0);
    // The usual schema has no `skipped` here: only a test suite counts what was skipped.
    const counts = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors') };
    return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributesXml({ name: 'chaos', ...counts, time: document.wall_s.toFixed(3) })}>
${parts.join('')}</testsuites>
`;
  },
};

/** Turns what failed in a test suite into what was skipped, and counts it so. */
function excused(text: string, why: string): string {
  let found = 0;
  const body = text.replaceAll(/<(failure|error)\b[^>]*?(?:\/>|>[\s\S]*?<\/\1>)/g, () => {
    found += 1;
    return `<skipped${attributesXml({ message: why })}/>`;
  });
  if (found === 0) return text;
  const count = (name: string, n: number) => (all: string) =>
    all.replace(new RegExp(`(<testsuite [^>]*\\b${name}=")\\d+`), (_all, head: string) => `${head}${n}`);
  return [count('failures', 0), count('errors', 0), count('skipped', found)].reduce((all, change) => change(all), body);
}

interface OfRun {
  readonly key: string;
  readonly run: string;
  readonly attempt: number;
}

/**
 * The test suite of a run, under the name of its experiment with its settings. Its cases have this name too: GitLab keeps
 * one of several cases with the same class and name in a job, whatever their test suites are.
 */
function ofRun(text: string | undefined, { key, run, attempt }: OfRun): string {
  const name = attempt === 1 ? key : `${key} (attempt ${attempt})`;
  const inner = text === undefined ? undefined : INNER.exec(text)?.[1];
  if (inner !== undefined)
    return inner
      .replace(/(<testsuite name=")[^"]*"/, (_all, head: string) => `${head}${escapeXml(name)}"`)
      .replaceAll(/(<testcase classname=")[^"]*"/g, (_all, head: string) => `${head}experiments.${escapeXml(name)}"`);
  const message = `the junit.xml of ${run} cannot be read`;
  return `  <testsuite${attributesXml({ name, tests: 1, failures: 0, errors: 1, skipped: 0, time: '0.000' })}>
    <testcase${attributesXml({ classname: name, name: 'the run', time: '0.000' })}>
      <error${attributesXml({ type: 'missing', message })}/>
    </testcase>
  </testsuite>
`;
}

/** One case for each experiment, as the suite judges it, and one for each that was not run. */
function own({ title, experiments, not_run }: SuiteDocument): string {
  const bad = experiments.filter(({ verdict, quarantined }) => verdict !== 'PASS' && quarantined === undefined);
  const cases = experiments.map((one) => {
    const head = attributesXml({ classname: 'suite', name: one.key, time: '0.000' });
    const remark = suiteRemark(one) ?? '';
    if (one.verdict === 'PASS') return `    <testcase${head}/>\n`;
    const tag = one.quarantined === undefined ? 'failure' : 'skipped';
    const message = attributesXml(tag === 'failure' ? { type: one.verdict, message: remark } : { message: remark });
    return `    <testcase${head}>\n      <${tag}${message}/>\n    </testcase>\n`;
  });
  const skipped = not_run.map(
    ({ key, reason }) =>
      `    <testcase${attributesXml({ classname: 'suite', name: key, time: '0.000' })}>\n      <skipped${attributesXml({ message: reason })}/>\n    </testcase>\n`,
  );
  const counts = {
    tests: cases.length + skipped.length,
    failures: bad.length,
    errors: 0,
    skipped:
      skipped.length + experiments.filter((one) => one.verdict !== 'PASS' && one.quarantined !== undefined).length,
  };
  return `  <testsuite${attributesXml({ name: title, ...counts, time: '0.000' })}>
${cases.join('')}${skipped.join('')}  </testsuite>
`;
}
