import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../../harness/core/record/run.ts';
import type { SuiteDocument, SuiteExperiment } from '../../../../harness/core/suite/document.ts';
import ctrfOfRun from '../../../../harness/reporters/ctrf.ts';
import junitOfRun from '../../../../harness/reporters/junit.ts';
import { renderSuite } from '../../../../harness/reporters/console/suite.ts';
import { suiteReporters } from '../../../../harness/reporters/suite/index.ts';
import { ctrfReport, type CtrfReport } from '../../../helpers/ctrf.ts';
import { redact } from '../../../../harness/core/text/redact.ts';
import { junitMistakes } from '../../../helpers/junit-rules.ts';
import { HOSTILE, hostileRun } from '../../../helpers/samples/hostile.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';
import { type Tag, tagsOf } from '../../../helpers/xml.ts';

const filesOf = (run: JudgedRun): Readonly<Record<string, string>> => ({
  'junit.xml': junitOfRun.render(run),
  'ctrf.json': ctrfOfRun.render(run),
});
const RUN = filesOf(sampleRun());
const RED = filesOf(sampleRun({ lost: 2 }));
const ODD = filesOf(hostileRun());

function experiment(i: number, more: Partial<SuiteExperiment> = {}): SuiteExperiment {
  const key = `experiment-${i}`;
  return {
    experiment: key,
    key,
    title: key,
    verdict: 'PASS',
    attributed_to: null,
    why: null,
    attempts: [{ run: `run-${i}`, verdict: 'PASS', dir: `/reports/run-${i}` }],
    broken: [],
    ...more,
  };
}

const unstable = experiment(38, {
  verdict: 'unstable',
  attributed_to: 'system',
  why: `latency p95: 900 ms ${HOSTILE}`,
  attempts: [
    { run: 'red', verdict: 'FAIL', dir: '/reports/red' },
    { run: 'green', verdict: 'PASS', dir: '/reports/green' },
  ],
  passed: { passed: 1, of: 2, low: 0.0126, high: 0.9874 },
});
const quarantined = experiment(39, {
  verdict: 'FAIL',
  attributed_to: 'system',
  why: 'errors',
  attempts: [{ run: 'red', verdict: 'FAIL', dir: '/reports/red' }],
  quarantined: { since: '2026-11-20', until: '2026-12-04', why: 'a known defect' },
});

const forty: SuiteDocument = {
  schema_version: 1,
  verdict: 'unstable',
  exit_code: 4,
  run: '20261130T020000Z-suite-nightly-3f9a',
  dir: '/reports/20261130T020000Z-suite-nightly-3f9a',
  title: `What must hold ${HOSTILE}`,
  file: '/experiments/suites/nightly.yaml',
  seed: 42,
  started: '2026-11-30T02:00:00.000Z',
  ended: '2026-11-30T03:00:00.000Z',
  experiments: [...Array.from({ length: 38 }, (_, i) => experiment(i)), unstable, quarantined],
  not_run: [{ experiment: 'late', key: 'late', code: 'budget', reason: 'it would end after the time of the suite' }],
  wall_s: 3_600,
  phases_s: 3_200,
};

const read = (dir: string, file: string): string | undefined =>
  (dir.endsWith('red') ? RED : dir.endsWith('odd') ? ODD : RUN)[file];
const rendered = (file: string, document: SuiteDocument = forty): string =>
  suiteReporters('1.0.0')
    .find((reporter) => reporter.file === file)
    ?.render(document, read) ?? '';
const named = (tags: readonly Tag[], name: string): Tag['of'][] => tags.filter((t) => t.name === name).map((t) => t.of);

describe('the JUnit file of a suite of 40', () => {
  const tags = tagsOf(rendered('junit.xml'));

  it('has the test suite of every attempt and its own, each under another name', () => {
    const names = named(tags, 'testsuite').map(({ name }) => name ?? '');
    expect(names).to.have.length(42);
    expect(new Set(names).size).to.equal(42);
    expect(names).to.include.members(['experiment-0', 'experiment-38', 'experiment-38 (attempt 2)']);
  });

  it('counts what it holds', () => {
    const [top] = named(tags, 'testsuites');
    expect(Number(top?.['tests'])).to.equal(named(tags, 'testcase').length);
    expect(Number(top?.['failures'])).to.equal(named(tags, 'failure').length);
    expect(Number(top?.['errors'])).to.equal(named(tags, 'error').length);
    const skipped = named(tags, 'testsuite').reduce((sum, of) => sum + Number(of['skipped']), 0);
    expect(skipped).to.equal(named(tags, 'skipped').length);
  });

  it('keeps the failure of an unstable experiment, and skips what was not run or is in quarantine', () => {
    expect(named(tags, 'failure').map(({ type }) => type)).to.include('unstable');
    const skipped = named(tags, 'skipped').map(({ message }) => message ?? '');
    expect(skipped.filter((message) => !message.startsWith('in quarantine'))).to.have.length(2);
    expect(skipped.filter((message) => message === 'in quarantine: a known defect').length).to.be.greaterThan(0);
  });

  it('counts no failure of a control that failed as it must: the suite says PASS', () => {
    const control = experiment(1, { attempts: [{ run: 'red', verdict: 'PASS', dir: '/reports/red' }] });
    const of = tagsOf(rendered('junit.xml', { ...forty, verdict: 'PASS', experiments: [control], not_run: [] }));
    expect(tagsOf(RED['junit.xml'] ?? '').filter(({ name }) => name === 'failure').length).to.be.greaterThan(0);
    expect([named(of, 'failure'), named(of, 'error')]).to.deep.equal([[], []]);
    expect(named(of, 'skipped')[0]?.['message']).to.equal('it failed as it must');
  });

  it('says so when the file of a run is missing', () => {
    const text = suiteReporters('1.0.0')[0]?.render(forty, () => undefined) ?? '';
    expect(junitMistakes(text)).to.deep.equal([]);
    expect(named(tagsOf(text), 'error')).to.have.length(41);
  });
});

/** A suite of 40 in which much went wrong: every verdict, settings, attempts, and texts that do harm. */
const WRONG = ['FAIL', 'INCONCLUSIVE', 'NOT READY', 'ABORTED', 'ERROR', 'NOT RESTORED', 'INTERRUPTED', 'PASS'] as const;
const badNight: SuiteDocument = {
  ...forty,
  verdict: 'NOT RESTORED',
  experiments: [
    ...Array.from({ length: 38 }, (_, i) => {
      const verdict = WRONG[i % WRONG.length] ?? 'PASS';
      const dir = verdict === 'PASS' ? `/reports/run-${i}` : `/reports/${i}-${i % 5 === 0 ? 'odd' : 'red'}`;
      // The same experiment with several settings, as a matrix makes them.
      const key = `experiment-${i % 4} rate=${i}/s ${i % 3 === 0 ? HOSTILE : ''}`;
      return experiment(i, {
        experiment: `experiment-${i % 4}`,
        key,
        verdict,
        ...(verdict === 'PASS' ? {} : { attributed_to: 'system', why: `${HOSTILE} ${'長'.repeat(3_000)}` }),
        attempts: [{ run: `${i}`, verdict, dir }],
        broken: i % 9 === 0 ? [`broken-${i}`] : [],
      });
    }),
    unstable,
    quarantined,
  ],
};

describe('the JUnit file of a suite, by strict rules,', () => {
  it('has no mistake: a quiet night, and a night in which much went wrong', () => {
    expect(junitMistakes(rendered('junit.xml'))).to.deep.equal([]);
    expect(junitMistakes(rendered('junit.xml', badNight))).to.deep.equal([]);
    expect(junitMistakes(redact(rendered('junit.xml', badNight)))).to.deep.equal([]);
  });

  it('is read by rules that see each kind of mistake', () => {
    const text = rendered('junit.xml', badNight);
    for (const [from, to, mistake] of [
      [/ tests="\d+"/, ' tests="7"', 'says tests="7"'],
      [/(<testsuite [^>]*) failures="\d+"/, '$1 failures="99"', 'says failures="99"'],
      [/(<testsuite [^>]*) errors="\d+"/, '$1', 'has no errors'],
      [/<testsuites /, '<testsuites skipped="0" ', 'may have no skipped'],
      [/ time="[\d.]+"/, ' time="1 s"', 'has time="1 s"'],
      [/ classname="[^"]*"/, '', 'has no classname'],
      [/(<testcase [^>]*)\/>/, '$1><failure/><failure/></testcase>', 'too often'],
      [/<properties>[^]*?<\/properties>([^]*?<testcase[^>]*\/>)/, '$1<properties></properties>', 'too late'],
      [/<property /, '<unknown/><property ', 'may hold no <unknown>'],
      [/(<testcase [^>]*\/>)/, '$1$1', 'two cases are'],
    ] as const) {
      const changed = text.replace(from, to);
      expect(changed, String(from)).not.to.equal(text);
      expect(junitMistakes(changed).join('\n'), String(from)).to.include(mistake);
    }
  });
});

describe('the CTRF file of a suite of 40', () => {
  const reportOf = (document: SuiteDocument): CtrfReport =>
    // As it is written: what looks like a secret is masked in the text once more.
    ctrfReport.parse(JSON.parse(redact(rendered('ctrf.json', document))));

  it('keeps to the specification: a quiet night, and a night in which much went wrong', () => {
    expect(reportOf(forty).results.summary).to.include({ tests: 41, passed: 38, failed: 1, other: 1, skipped: 1 });
    const { summary } = reportOf(badNight).results;
    expect(summary.tests).to.equal(41);
    expect(summary.failed).to.equal(badNight.experiments.filter(({ verdict }) => isRed(verdict)).length - 1);
  });

  it('keeps each attempt, never calls an unstable experiment passed, and has the checks of the last run', () => {
    const { tests } = reportOf(forty).results;
    const found = tests.find(({ name }) => name === 'experiment-38');
    expect(found).to.include({ status: 'failed', rawStatus: 'unstable', retries: 1 });
    expect(found?.retryAttempts?.map(({ attempt, status }) => [attempt, status])).to.deep.equal([[1, 'failed']]);
    expect(found?.steps).not.to.deep.equal([]);
    expect(tests.find(({ name }) => name === 'experiment-39')).to.include({ status: 'other', rawStatus: 'FAIL' });
    expect(tests.find(({ name }) => name === 'late')).to.include({ status: 'skipped', rawStatus: 'budget' });
  });

  it('is whole when the files of runs are missing or damaged', () => {
    const [, ctrf] = suiteReporters('1.0.0');
    for (const text of [undefined, '{', '{}', 'null'])
      ctrfReport.parse(JSON.parse(ctrf?.render(badNight, () => text) ?? ''));
  });
});

const isRed = (verdict: string): boolean => ['FAIL', 'ABORTED', 'ERROR', 'NOT RESTORED', 'unstable'].includes(verdict);

describe('the summary of a suite', () => {
  it('has less than 200 KB also when each of 40 says much, in letters of several bytes', () => {
    const text = rendered('summary.md', badNight);
    expect(Buffer.byteLength(text)).to.be.below(200_000);
    expect(text.isWellFormed()).to.equal(true);
    expect(text.slice(0, 200)).to.include('NOT RESTORED');
    expect(text).to.match(/cut here: index\.html has everything\n$/);
  });

  it('has what is red first, what was not run, and less than 200 KB', () => {
    const text = rendered('summary.md');
    expect(Buffer.byteLength(text)).to.be.below(200_000);
    expect(text.indexOf('unstable')).to.be.below(text.indexOf('experiment-0'));
    expect(text).to.include('#### Not run');
    expect(text).not.to.match(/(?<!\\)<script/);
  });

  it('is a page that links each attempt, makes no request, and shows no markup of others', () => {
    const page = rendered('index.html');
    expect(page).to.include('href="../red/report.html"');
    expect(page).to.include('it would end after the time of the suite');
    expect(page).not.to.match(/(?:src|href)="https?:/);
    expect(page).not.to.include('<script>alert');
  });

  it('is a text for the terminal', () => {
    const text = renderSuite(forty, { write: () => undefined, isTTY: false, columns: 100, color: false });
    expect(text).to.include('40 experiments: 38 passed, 1 unstable, 1 FAIL; 1 was not run');
    expect(text).to.include('passed 1 of 2 times');
    expect(text).to.include('in quarantine until 2026-12-04');
  });
});
