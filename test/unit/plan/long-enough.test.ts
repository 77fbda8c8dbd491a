import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import { tooShort } from '../../../harness/plan/long-enough.ts';
import { samplePlan } from '../../helpers/samples/plan.ts';

/** The warnings about one hypothesis. Every phase lasts 10 s but the fault phase, which lasts 30 s. */
function said(params: object): string[] {
  const plan = samplePlan({ warmup: 5, baseline: 10, fault: 30, heal: 60, recovery: 10 }, 100, 1);
  const hypotheses = [{ check: 'series', params, line: 1 }];
  return tooShort({ ...plan, hypotheses }, checks).map(
    ({ path, message, hint }) => `${path.join('.')}: ${message}. ${hint}`,
  );
}

describe('the warning of a phase that is too short for a hypothesis', () => {
  const cpu = { name: 'cpu', of: 'app', below: 90 };
  const lag = { name: 'replication_lag', below: 1_000 };

  it('counts the readings of each phase, and says nothing of healing', () => {
    expect(said({ ...cpu, during: ['baseline', 'fault', 'heal'] })).to.deep.equal([
      'hypotheses.0.series.during.0: the baseline phase lasts 10.0 s, and cpu is read every 5.0 s: 3 readings are needed. ' +
        'Make phases.baseline at least 15s. Otherwise the hypothesis ends INCONCLUSIVE.',
    ]);
    expect(said({ ...lag, during: ['baseline', 'fault'] })).to.deep.equal([]);
  });

  it('counts as many readings as the bound of a share needs, and those after the time to be back within', () => {
    expect(said({ ...lag, share: 0.95, during: ['fault'] })).to.deep.equal([]);
    expect(said({ ...lag, share: 0.99, during: ['fault'] })[0]).to.include(
      '299 readings are needed. Make phases.fault at least 150s',
    );
    expect(said({ ...cpu, back_within: 10_000, during: ['fault'] })).to.deep.equal([]);
    expect(said({ ...cpu, back_within: 20_000, during: ['fault'] })[0]).to.include(
      '3 readings after the first 20.0 s are needed. Make phases.fault at least 35s',
    );
    expect(said({ ...cpu, at: 'end', during: ['baseline'] })).to.deep.equal([]);
  });

  it('says nothing of checks that are decided by requests', () => {
    const plan = samplePlan({ warmup: 5, baseline: 10, fault: 30, heal: 60, recovery: 10 }, 100, 1);
    expect(tooShort(plan, checks)).to.deep.equal([]);
  });
});
