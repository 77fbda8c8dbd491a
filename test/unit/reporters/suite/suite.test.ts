import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { SuiteDocument, SuiteExperiment } from '../../../../harness/core/suite/document.ts';
import junitOfRun from '../../../../harness/reporters/junit.ts';
import { renderSuite } from '../../../../harness/reporters/console/suite.ts';
import { suiteReporters } from '../../../../harness/reporters/suite/index.ts';
import { HOSTILE } from '../../../helpers/samples/hostile.ts';
import { sampleRun } from '../../../helpers/samples/run.ts';
import { type Tag, tagsOf } from '../../../helpers/xml.ts';

const RUN = junitOfRun.render(sampleRun());
const RED = junitOfRun.render(sampleRun({ lost: 2 }));

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

const read = (dir: string): string => (dir.endsWith('red') ? RED : RUN);
const rendered = (file: string): string =>
  suiteReporters('1.0.0')
    .find((reporter) => reporter.file === file)
    ?.render(forty, read) ?? '';
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
    expect(Number(top?.['skipped'])).to.equal(named(tags, 'skipped').length);
  });

  it('keeps the failure of an unstable experiment, and skips what was not run or is in quarantine', () => {
    expect(named(tags, 'failure').map(({ type }) => type)).to.include('unstable');
    expect(named(tags, 'skipped').map(({ message }) => message)).to.have.length(2);
  });

  it('says so when the file of a run is missing', () => {
    const text = suiteReporters('1.0.0')[0]?.render(forty, () => undefined) ?? '';
    expect(named(tagsOf(text), 'error')).to.have.length(41);
  });
});

describe('the summary of a suite', () => {
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
