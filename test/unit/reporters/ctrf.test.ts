import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import ctrf from '../../../harness/reporters/ctrf.ts';
import { ctrfReport, type CtrfReport } from '../../helpers/ctrf.ts';
import { hostileRun } from '../../helpers/samples/hostile.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/samples/run.ts';
import { scaledRun } from '../../helpers/samples/scaled-run.ts';

const report = (run: JudgedRun): CtrfReport => ctrfReport.parse(JSON.parse(ctrf.render(run)));

describe('ctrf.json', () => {
  it('keeps to the specification, whatever became of the run and whatever its texts are', () => {
    for (const run of [sampleRun(), sampleRun({ lost: 3, outageS: 20 }), hostileRun(), interruptedRun(), scaledRun()])
      report(run);
    report(notReadyRun());
  });

  it('has a test for each check result, with its line, its phases as time, and what was seen', () => {
    const run = sampleRun({ lost: 2 });
    const { tests, summary } = report(run).results;
    const { checks } = run.document;
    expect(tests.map(({ rawStatus }) => rawStatus)).to.deep.equal(checks.map(({ verdict }) => verdict));
    expect(summary.failed).to.equal(checks.filter(({ verdict }) => verdict === 'FAIL').length);
    expect(summary.failed).to.be.above(0);
    const failed = tests.find(({ status }) => status === 'failed');
    expect(failed?.message).to.match(/^expected .*, observed /);
    expect(failed).to.include({ filePath: 'experiments/postgres-primary-loss.yaml', type: 'resilience' });
    expect(tests[0]?.line).to.equal(checks[0]?.line);
    expect(tests[0]?.duration).to.be.above(0);
  });

  it('never calls passed what proves nothing', () => {
    const [check] = sampleRun().document.checks;
    const checks = [{ ...check!, verdict: 'INCONCLUSIVE' as const }];
    const { document, history } = sampleRun();
    const { tests } = report({ history, document: { ...document, verdict: 'INCONCLUSIVE', checks } }).results;
    expect(tests.map(({ status, rawStatus }) => [status, rawStatus])).to.deep.equal([['other', 'INCONCLUSIVE']]);
    expect(report(notReadyRun()).results.tests[0]).to.include({
      name: 'the run',
      status: 'other',
      rawStatus: 'NOT READY',
    });
    expect(report(hostileRun()).results.tests[0]).to.include({ status: 'failed', rawStatus: 'NOT RESTORED' });
  });

  it('says whether everything was put back', () => {
    expect(report(sampleRun()).results.environment?.healthy).to.equal(true);
    expect(report(hostileRun()).results.environment?.healthy).to.equal(false);
  });

  it('is read by a schema that sees a wrong count, an unknown key and a time with a fraction', () => {
    const good = JSON.parse(ctrf.render(sampleRun())) as CtrfReport;
    const { results } = good;
    for (const bad of [
      { ...good, specVersion: 1 },
      { ...good, more: 1 },
      { ...good, results: { ...results, summary: { ...results.summary, passed: 99 } } },
      { ...good, results: { ...results, tests: results.tests.map((test) => ({ ...test, duration: 0.5 })) } },
      { ...good, results: { ...results, tests: results.tests.map((test) => ({ ...test, status: 'PASS' })) } },
    ])
      expect(ctrfReport.safeParse(bad).success).to.equal(false);
  });
});
