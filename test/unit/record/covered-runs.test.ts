import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readCoveredRuns } from '../../../harness/record/covered-runs.ts';
import { writeCoveredRun } from '../../helpers/samples/covered-folder.ts';
import { digestedPlan, IMAGES } from '../../helpers/samples/covered.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

describe('the runs that coverage reads', () => {
  it('are those that have ended, with what was tried and how it ended', () => {
    const reports = temporaryFolder();
    writeCoveredRun(reports, { run: 'a', verdict: 'PASS' });
    writeCoveredRun(reports, { run: 'running', verdict: undefined });
    mkdirSync(join(reports, 'a-load'));
    const [one, ...others] = readCoveredRuns(reports);
    expect(others).to.deep.equal([]);
    expect(one).to.deep.include({
      run: 'a',
      verdict: 'PASS',
      reason: undefined,
      seconds: 190,
      experiment: 'postgres-primary-loss',
      project: 'chaos',
      faults: [{ fault: 'kill', params: { service: 'postgres', role: 'primary' } }],
    });
    expect(one?.fingerprint()?.images).to.deep.equal(IMAGES);
  });

  it('have no fingerprint when their record has no digests', () => {
    const reports = temporaryFolder();
    const plan = digestedPlan();
    const services = Object.fromEntries(
      Object.entries(plan.topology.services).map(([name, { digest: _digest, ...service }]) => [name, service]),
    );
    writeCoveredRun(reports, {
      run: 'old',
      verdict: 'PASS',
      plan: { ...plan, topology: { ...plan.topology, services } },
    });
    expect(readCoveredRuns(reports)[0]?.fingerprint()).to.equal(undefined);
  });

  it('say what did not hold, or what makes them prove nothing', () => {
    const reports = temporaryFolder();
    const check = {
      name: 'errors',
      expected: '',
      samples: 1,
      during: ['fault'],
      verdict: 'FAIL',
      observed: '9 of 10 failed',
    };
    writeCoveredRun(reports, { run: 'a', verdict: 'FAIL', more: { checks: [check] } });
    writeCoveredRun(reports, {
      run: 'b',
      verdict: 'INCONCLUSIVE',
      more: { invalid: [{ code: 'C', message: 'a burst' }] },
    });
    writeCoveredRun(reports, { run: 'c', verdict: 'NOT READY', more: { reason: 'no engine' } });
    expect(readCoveredRuns(reports).map(({ reason }) => reason)).to.deep.equal([
      'errors (fault): 9 of 10 failed',
      'a burst',
      'no engine',
    ]);
  });

  it('are none in a folder that is missing, and a damaged run.json hides no other', () => {
    expect(readCoveredRuns('/nowhere/reports')).to.deep.equal([]);
    const reports = temporaryFolder();
    writeCoveredRun(reports, { run: 'a', verdict: 'PASS' });
    mkdirSync(join(reports, 'b'));
    writeFileSync(join(reports, 'b', 'run.json'), '{"run": ');
    const passed: string[] = [];
    expect(readCoveredRuns(reports, ({ message }) => passed.push(message))).to.have.lengthOf(1);
    expect(passed).to.have.lengthOf(1);
    expect(passed[0]).to.match(/^run\.json cannot be read: /);
  });
});
