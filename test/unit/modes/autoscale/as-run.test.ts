import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { History } from '../../../../harness/core/record/history.ts';
import { servedBy, servicesOf, simulateAs, surgeOf, wantedOf } from '../../../../harness/modes/autoscale/as-run.ts';
import type { Model } from '../../../../harness/modes/autoscale/simulate.ts';
import { surgeRun, WANTED } from '../../../helpers/samples/surge.ts';

/** The world of the sample: 100 requests a second fill a replica, and 6.8 s pass from a decision to its first answer. */
const MODEL: Model = {
  serviceS: 0.01,
  servers: 1,
  startUpS: 6.8,
  drainS: 2,
  longestWaitS: 1.3,
  memoryPercent: 20,
  slo: { p95S: 0.2, refused: 0.001 },
};

const withPlan = (history: History, more: Partial<History['plan']>): History => ({
  ...history,
  plan: { ...history.plan, ...more },
});

describe('a run beside its simulation', () => {
  it('counts from the step of the load', () => {
    const history = surgeRun();
    const { began, step, end } = surgeOf(history);
    expect([step - began, end - began]).to.deep.equal([60_000, 240_000]);
    expect(servedBy(history, 'app', WANTED)).to.be.within(step + 6_000, end);
    expect(servedBy(history, 'app', 100)).to.equal(undefined);
  });

  it('takes a load that rises twice for one surge, until it is back', () => {
    const history = surgeRun();
    const rates = [2, 60, 110, 2];
    const stages = rates.map((rate) => ({ ms: 50_000, from: rate, to: rate }));
    const arrivals = { process: 'constant', stages } as const;
    const { began, step, end } = surgeOf(withPlan(history, { load: { ...history.plan.load, arrivals } }));
    expect([step - began, end - began]).to.deep.equal([50_000, 150_000]);
  });

  it('wants what the hypothesis wants, and else the most that the scaler asked for', () => {
    const history = surgeRun();
    expect(servicesOf(history)).to.deep.equal(['app']);
    expect(wantedOf(history, 'app')).to.equal(WANTED);
    expect(wantedOf(withPlan(history, { hypotheses: [] }), 'app')).to.equal(9);
  });

  it('comes near to the run when the replica is described rightly, and not when it is not', () => {
    const history = surgeRun();
    const apart = (startUpS: number): number => {
      const { realS = NaN, simulatedS = NaN } = simulateAs({ ...MODEL, startUpS }, history, 'app');
      return Math.abs(simulatedS - realS) / realS;
    };
    expect(apart(6.8)).to.be.below(0.2);
    expect(apart(40)).to.be.greaterThan(0.5);
    const never = simulateAs(
      MODEL,
      withPlan(history, { hypotheses: [{ check: 'scaling', params: { service: 'app', reaches: 99 }, line: 1 }] }),
      'app',
    );
    expect(never).to.deep.equal({ wanted: 99, realS: undefined, simulatedS: undefined });
  });

  it('refuses a load that never steps up, and a run without a scaler', () => {
    const history = surgeRun();
    const flat = { process: 'constant', stages: [{ ms: 1, from: 5, to: 5 }] } as const;
    const calm = withPlan(history, { load: { ...history.plan.load, arrivals: flat } });
    expect(() => surgeOf(calm)).to.throw('never stepped up');
    const unscaled = { ...history, events: history.events.filter(({ kind }) => kind !== 'scaling') };
    expect(() => servicesOf(unscaled)).to.throw('no scaler decided anything');
    expect(() => simulateAs(MODEL, unscaled, 'app')).to.throw('no scaler of app');
  });
});
