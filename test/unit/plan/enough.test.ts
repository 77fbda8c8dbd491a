import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { PlannedCheck } from '../../../harness/core/plan/plan.ts';
import { checks } from '../../../harness/checks/index.ts';
import { tooFewRequests } from '../../../harness/plan/enough.ts';
import { samplePlan } from '../../helpers/samples/plan.ts';

const SECONDS = { warmup: 5, baseline: 10, fault: 30, heal: 60, recovery: 10 };
const RATE_PER_S = 100;

/** The warnings about hypotheses: the baseline has 1,000 requests, and the fault phase 3,000. */
const said = (hypotheses: readonly Omit<PlannedCheck, 'line'>[], seconds: Partial<typeof SECONDS> = {}): string[] => {
  const plan = samplePlan({ ...SECONDS, ...seconds }, RATE_PER_S, 1);
  return tooFewRequests({ ...plan, hypotheses: hypotheses.map((h) => ({ ...h, line: 1 })) }, checks).map(
    ({ path, message, hint }) => `${path.join('.')}: ${message}. ${hint}`,
  );
};

describe('the warning of too few requests for a hypothesis', () => {
  it('says that errors below 0.1 % need 2,995 clean requests, and looks at each phase separately', () => {
    const params = { below: 0.001, during: ['baseline', 'fault', 'heal'] };
    expect(said([{ check: 'errors', params }])).to.deep.equal([
      'hypotheses.0.errors.during.0: the baseline phase plans 1000 requests for this hypothesis, and "below 0.1%" needs 2995 clean requests. ' +
        'Make phases.baseline at least 30s, or raise the rate. Otherwise the hypothesis ends INCONCLUSIVE.',
    ]);
    expect(said([{ check: 'errors', params }], { baseline: 30 })).to.deep.equal([]);
  });

  it('says how many requests the bounds of a percentile need', () => {
    const params = { p95: 200, p99: 500, during: ['baseline'] };
    expect(said([{ check: 'latency', params }])).to.deep.equal([]);
    expect(said([{ check: 'latency', params }], { baseline: 9 })[0]).to.match(
      /plans 900 requests for this hypothesis, and bounds of p99 need 1000 requests\. Make phases\.baseline at least 10s/,
    );
    expect(said([{ check: 'latency', params: { ...params, p99: undefined } }], { baseline: 2 })).to.deep.equal([]);
    expect(said([{ check: 'latency', params: { ...params, p99: undefined } }], { baseline: 1.9 })).to.have.length(1);
  });

  it('says how many requests the bounds of goodput need', () => {
    const params = { above: 50, during: ['baseline'] };
    expect(said([{ check: 'goodput', params }])).to.deep.equal([]);
    expect(said([{ check: 'goodput', params }], { baseline: 0.9 })[0]).to.include(
      'bounds of goodput need 100 requests',
    );
  });

  it('says that a load offers no more than the goodput that it shall show', () => {
    const params = { above: RATE_PER_S, during: ['baseline'] };
    expect(said([{ check: 'goodput', params }])).to.deep.equal([
      'hypotheses.0.goodput.during.0: the baseline phase plans 100.0 requests/s for this hypothesis, and more than 100/s are needed. ' +
        'Raise the rate, or lower the limit. Otherwise the hypothesis ends INCONCLUSIVE.',
    ]);
  });

  it('counts only as many writes as are certain in a random draw, and its hint is enough', () => {
    const hypothesis = { check: 'errors', params: { below: 0.01, of: 'writes', during: ['fault'] } };
    const [found = ''] = said([hypothesis], { fault: 4 });
    const [, planned, needed, seconds] = /plans (\d+) .* needs (\d+) clean.* at least (\d+)s/.exec(found)!.map(Number);
    expect(planned).to.be.below(needed!);
    expect(said([hypothesis], { fault: seconds! })).to.deep.equal([]);
    expect(said([hypothesis], { fault: seconds! - 1 })).to.have.length(1);
  });

  it('is not given for checks that need no number of requests', () => {
    expect(said([{ check: 'failover', params: { service: 'postgres', within: 1 } }])).to.deep.equal([]);
  });
});
