import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import { excludedBursts } from '../../../harness/plan/bursts.ts';
import { samplePlan } from '../../helpers/samples/plan.ts';

/** What is excluded when the baseline has 1,000 requests and the fault phase 24,000. */
const said = (check: string, params: object): string[] => {
  const plan = samplePlan({ warmup: 5, baseline: 10, fault: 240, heal: 60, recovery: 10 }, 100, 1);
  return excludedBursts({ ...plan, hypotheses: [{ check, params, line: 1 }] }, checks).map(
    ({ hypothesis, during, requests }) => `${hypothesis} ${during} ${requests}`,
  );
};

describe('the bursts that a PASS excludes', () => {
  it('have a length for each limit and phase, and none where the phase cannot pass or has no length beforehand', () => {
    const during = ['baseline', 'fault', 'heal'];
    expect(said('errors', { below: 0.001, during })).to.deep.equal(['errors < 0.1 % fault 8']);
    expect(said('latency', { p95: 200, p99: 500, during })).to.deep.equal([
      'latency p95 < 200 ms baseline 17',
      'latency p95 < 200 ms fault 410',
      'latency p99 < 500 ms baseline 3',
      'latency p99 < 500 ms fault 80',
    ]);
  });

  it('count only the requests that are certain to be of the kind', () => {
    const [reads = '', writes = ''] = ['reads', 'writes'].map(
      (of) => said('errors', { below: 0.01, of, during: ['fault'] })[0],
    );
    expect(reads).to.match(/^errors of reads < 1 % fault \d+$/);
    expect(Number(reads.split(' ').at(-1)) + Number(writes.split(' ').at(-1))).to.be.within(70, 80);
  });

  it('are not told for a check that is not about a share', () => {
    expect(said('goodput', { above: 50, during: ['fault'] })).to.deep.equal([]);
    expect(said('failover', { of: 'postgres', within: 1 })).to.deep.equal([]);
  });
});
