import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedCheck } from '../../../harness/core/plan.ts';
import { tooFewRequests } from '../../../harness/plan/enough.ts';
import { samplePlan } from '../../helpers/sample-plan.ts';

const SECONDS = { warmup: 5, baseline: 10, fault: 30, heal: 60, recovery: 10 };
const RATE_PER_S = 100;

/** What is said of hypotheses over phases of 1,000 and 3,000 requests. */
const said = (hypotheses: readonly Omit<PlannedCheck, 'line'>[], seconds: Partial<typeof SECONDS> = {}): string[] => {
  const plan = samplePlan({ ...SECONDS, ...seconds }, RATE_PER_S, 1);
  return tooFewRequests({ ...plan, hypotheses: hypotheses.map((h) => ({ ...h, line: 1 })) }).map(
    ({ path, message, hint }) => `${path.join('.')}: ${message}. ${hint}`,
  );
};

describe('enough requests to settle a hypothesis', () => {
  it('errors below 0.1 % need 2,995 clean ones, in each phase for itself', () => {
    const params = { below: 0.001, during: ['baseline', 'fault', 'heal'] };
    expect(said([{ check: 'errors', params }])).to.deep.equal([
      'hypotheses.0.errors.during.0: the baseline phase plans 1000 such requests, and "below 0.1%" needs 2995 clean ones. ' +
        'Make phases.baseline at least 30s, or raise the rate: else it ends INCONCLUSIVE.',
    ]);
    expect(said([{ check: 'errors', params }], { baseline: 30 })).to.deep.equal([]);
  });

  it('a percentile needs as many as its bounds do', () => {
    const params = { p95: 200, p99: 500, during: ['baseline'] };
    expect(said([{ check: 'latency', params }])).to.deep.equal([]);
    expect(said([{ check: 'latency', params }], { baseline: 9 })[0]).to.match(
      /plans 900 such requests, and bounds of p99 need 1000\. Make phases\.baseline at least 10s/,
    );
    expect(said([{ check: 'latency', params: { ...params, p99: undefined } }], { baseline: 2 })).to.deep.equal([]);
    expect(said([{ check: 'latency', params: { ...params, p99: undefined } }], { baseline: 1.9 })).to.have.length(1);
  });

  it('a kind of request is drawn at random: its number is what is sure, and the hint is enough', () => {
    const hypothesis = { check: 'errors', params: { below: 0.01, of: 'writes', during: ['fault'] } };
    const [found = ''] = said([hypothesis], { fault: 4 });
    const [, planned, needed, seconds] = /plans (\d+) .* needs (\d+) clean.* at least (\d+)s/.exec(found)!.map(Number);
    expect(planned).to.be.below(needed!);
    expect(said([hypothesis], { fault: seconds! })).to.deep.equal([]);
    expect(said([hypothesis], { fault: seconds! - 1 })).to.have.length(1);
  });

  it('other checks ask for none', () => {
    expect(said([{ check: 'failover', params: { of: 'postgres', within: 1 } }])).to.deep.equal([]);
  });
});
