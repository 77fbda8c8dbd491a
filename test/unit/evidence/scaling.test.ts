import { expect } from 'chai';
import { describe, it } from 'mocha';
import { surgeOf } from '../../../harness/modes/autoscale/as-run.ts';
import { type Answered, answeredBy, fiftyTables } from '../../evidence/scaling/fifty.ts';
import { learnFrom } from '../../evidence/scaling/model.ts';
import { apartPercent, beside, simulationTable, sourceOf } from '../../evidence/scaling/simulation.ts';
import { storeTable } from '../../evidence/scaling/store.ts';
import { backAt, coresOf, growthOf } from '../../evidence/scaling/surge.ts';
import { scaledRun } from '../../helpers/samples/scaled-run.ts';
import { surgeRun, WANTED } from '../../helpers/samples/surge.ts';

describe('the evidence of a scaler', () => {
  it('counts from the step of the load, and ends where no more serve than before', () => {
    const history = surgeRun();
    const { step, end } = surgeOf(history);
    const growth = growthOf(history);
    expect(growth?.decided).to.be.within(step, step + 5_000);
    expect(growth?.made.length).to.be.at.least(WANTED - 3);
    expect(backAt(history)).to.be.greaterThan(end);
  });

  it('has each stage of the way to the wanted number, and says what is not as promised', () => {
    const answered = answeredBy(surgeRun(), 'PASS');
    const [decision = NaN, ...later] = answered.stages.values();
    expect(later).to.have.length(9);
    for (const seconds of later) expect(seconds).to.be.at.least(decision);
    const many: Answered = { ...answered, requests: 200_000, failed: 0 };
    const good = fiftyTables([many, many], [{ upS: answered.capacityS, downS: 4 }], 2);
    expect(good.wrong).to.deep.equal([]);
    expect(good.text).to.include('**1.00 times** the time of Compose').and.to.include('0 of 400,000 requests failed');
    const slow: Answered = { ...many, capacityS: NaN, requests: 10, failed: 1, verdict: 'FAIL' };
    const bad = fiftyTables([many, slow], [{ upS: answered.capacityS, downS: 4 }], 2);
    expect(bad.wrong).to.deep.equal([
      'run-1 is FAIL',
      'the worst never had 7 replicas that serve',
      '1 requests failed',
    ]);
    const busy: Answered = { ...slow, verdict: 'INCONCLUSIVE', failed: 0, run: 'run-busy' };
    const both = fiftyTables([many, busy], [{ upS: answered.capacityS, downS: 4 }], 1);
    expect(both.wrong, 'a busy host proves nothing').to.deep.equal([]);
    expect(both.text).to.include('INCONCLUSIVE (1 of 2)').and.to.include('200,010 requests').and.to.include('run-busy');
    expect(fiftyTables([busy], [{ upS: 1, downS: 1 }], 1).wrong).to.include('0 of 1 runs are conclusive');
    expect(fiftyTables([slow], [{ upS: 1, downS: 1 }], 1).text).to.include('too little evidence: 100,000 requests');
  });

  it('learns from another run what a replica needs, and simulates the run near to what it did', () => {
    const [source, target] = [surgeRun('run-1'), surgeRun('run-2')];
    const learned = learnFrom(source);
    expect(learned.workS).to.be.closeTo(coresOf(source) / 100, 0.001);
    expect(learned.memoryPercent).to.equal(20);
    const one = beside(target, source);
    expect(one.model).to.equal('run-1');
    expect(Math.abs(apartPercent(one.realS, one.simulatedS)), `${one.simulatedS} of ${one.realS}`).to.be.below(20);
    expect(beside(target, surgeRun('run-3', 'other'), 30)).to.include({ model: 'run-3, start-up by Compose' });
  });

  it('takes the model from a run of the same experiment, and never from the run itself', () => {
    const [one, two, other] = [surgeRun('a'), surgeRun('b'), surgeRun('c', 'other')];
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
