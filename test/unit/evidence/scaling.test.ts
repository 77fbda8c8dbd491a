import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { History } from '../../../harness/core/record/history.ts';
import { type Answered, answeredBy, fiftyTables } from '../../evidence/scaling/fifty.ts';
import { learnFrom } from '../../evidence/scaling/model.ts';
import { apartPercent, beside, simulationTable, sourceOf } from '../../evidence/scaling/simulation.ts';
import { storeTable } from '../../evidence/scaling/store.ts';
import { backAt, coresOf, growthOf, servedBy, surgeOf } from '../../evidence/scaling/surge.ts';
import { scaledRun } from '../../helpers/samples/scaled-run.ts';

const WANTED = 7;
const STAGES = [
  { ms: 60_000, from: 120, to: 120 },
  { ms: 180_000, from: 540, to: 540 },
  { ms: 600_000, from: 120, to: 120 },
];

/** The sample of a run that a scaler followed, as the record of an experiment has it: with its load and its hypothesis. */
function recorded(run = 'run-1', name = 'surge'): History {
  const { history } = scaledRun();
  const step = (history.windows[0]?.started ?? 0) + 60_000;
  const events = history.events.map((event): RunEvent => {
    if (event.kind !== 'scaling') return event;
    const value = event.t >= step && event.t < step + 180_000 ? 540 : 120;
    const { situation } = event;
    const requests = { metric: 'requests', value, age: 1 } as const;
    return { ...event, situation: { ...situation, figures: [...situation.figures, requests] } };
  });
  const { plan } = history;
  return {
    ...history,
    run,
    events,
    plan: {
      ...plan,
      name,
      load: { ...plan.load, arrivals: { process: 'constant', stages: STAGES } },
      hypotheses: [{ check: 'scaling', params: { service: 'app', reaches: WANTED }, line: 1 }],
    },
  };
}

describe('the evidence of a scaler', () => {
  it('counts from the step of the load, and ends where no more serve than before', () => {
    const history = recorded();
    const { began, step, end } = surgeOf(history);
    expect([step - began, end - began]).to.deep.equal([60_000, 240_000]);
    const growth = growthOf(history);
    expect(growth?.decided).to.be.within(step, step + 5_000);
    expect(growth?.made.length).to.be.at.least(WANTED - 3);
    expect(servedBy(history, WANTED)).to.be.within(step + 6_000, end);
    expect(backAt(history)).to.be.greaterThan(end);
    expect(servedBy(history, 100)).to.equal(undefined);
  });

  it('refuses a load that never steps up', () => {
    const history = recorded();
    const flat = { process: 'constant', stages: [{ ms: 1, from: 5, to: 5 }] } as const;
    const plan = { ...history.plan, load: { ...history.plan.load, arrivals: flat } };
    expect(() => surgeOf({ ...history, plan })).to.throw('never steps up');
  });

  it('has each stage of the way to the wanted number, and says what is not as promised', () => {
    const answered = answeredBy(recorded(), 'PASS');
    const [decision = NaN, ...later] = answered.stages.values();
    expect(later).to.have.length(9);
    for (const seconds of later) expect(seconds).to.be.at.least(decision);
    const many: Answered = { ...answered, requests: 200_000, failed: 0 };
    const good = fiftyTables([many, many], [{ upS: answered.capacityS, downS: 4 }]);
    expect(good.wrong).to.deep.equal([]);
    expect(good.text).to.include('**1.00 times** the time of Compose').and.to.include('0 of 400,000 requests failed');
    const slow: Answered = { ...many, capacityS: NaN, requests: 10, failed: 1, verdict: 'FAIL' };
    const bad = fiftyTables([many, slow], [{ upS: answered.capacityS, downS: 4 }]);
    expect(bad.wrong).to.deep.equal([
      'run-1 is FAIL',
      'the worst never had 7 replicas that serve',
      '1 requests failed',
    ]);
    expect(fiftyTables([slow], [{ upS: 1, downS: 1 }]).text).to.include('too little evidence: 100,000 requests');
  });

  it('learns from another run what a replica needs, and simulates the run near to what it did', () => {
    const [source, target] = [recorded('run-1'), recorded('run-2')];
    const learned = learnFrom(source);
    expect(learned.workS).to.be.closeTo(coresOf(source) / 100, 0.001);
    expect(learned.memoryPercent).to.equal(20);
    const one = beside(target, source);
    expect(one.model).to.equal('run-1');
    expect(Math.abs(apartPercent(one.realS, one.simulatedS)), `${one.simulatedS} of ${one.realS}`).to.be.below(20);
    expect(beside(target, recorded('run-3', 'other'), 30)).to.include({ model: 'run-3, start-up by Compose' });
  });

  it('takes the model from a run of the same experiment, and never from the run itself', () => {
    const [one, two, other] = [recorded('a'), recorded('b'), recorded('c', 'other')];
    expect(sourceOf(one, [one, other, two])).to.equal(two);
    expect(sourceOf(other, [other, one])).to.equal(one);
    expect(sourceOf(one, [one])).to.equal(undefined);
  });

  it('says when a simulation is too far from the run, or the Saturday takes too long', () => {
    const row = { experiment: 'surge', run: 'b', model: 'a', wanted: 5, byMedianS: 9, startUpS: [4, 5, 6] };
    const near = { ...row, realS: 10, simulatedS: 11.9 };
    const { text, wrong } = simulationTable([near, { ...row, realS: 10, simulatedS: 7.9 }], 1.4);
    expect(wrong).to.deep.equal(['the simulation of b is more than 20 % apart']);
    expect(text).to.include('1 of 2 are within 20 %').and.to.include('+19 %').and.to.include('−21 %');
    expect(simulationTable([near], 6).wrong).to.deep.equal(['the Saturday took 6.0 s']);
  });

  it('prints the rows of the database, and compares their number with the record', () => {
    const { document, history } = scaledRun();
    const scaled = history.events.filter(({ kind }) => kind === 'scaled');
    const rows = scaled.map(({ t }) => ({ scaling_group: 'app', scaling_action: 'scale_up', timestamp: new Date(t) }));
    const { text, wrong } = storeTable({ document, rows }, history);
    expect(wrong).to.deep.equal([]);
    expect(text)
      .to.include(`the table ${rows.length} rows`)
      .and.to.include(new Date(scaled[0]?.t ?? 0).toISOString());
    expect(storeTable({ document, rows: [] }, history).wrong).to.deep.equal([`0 rows for ${scaled.length} changes`]);
  });
});
