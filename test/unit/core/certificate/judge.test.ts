import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type CapacityFacts, judgeCapacity, ratioOf } from '../../../../harness/core/certificate/judge.ts';
import { resultOf } from '../../../../harness/core/certificate/make.ts';
import type { Certificate } from '../../../../harness/core/certificate/statements.ts';
import { OUTCOME, REGISTRATION, unsigned } from '../../../helpers/samples/certificate.ts';

const { targets } = REGISTRATION;
const facts = (more: Partial<CapacityFacts> = {}): CapacityFacts => ({ targets, ...OUTCOME, ...more });
/** The same, but Redis keeps enough. */
const GOOD = OUTCOME.capacities.map((one) =>
  one.condition === 'without redis' ? { ...one, ratePerS: 250, low: 240, high: 260 } : one,
);
const good = (more: Partial<CapacityFacts> = {}): CapacityFacts => facts({ capacities: GOOD, waivers: [], ...more });

describe('the verdict about capacities', () => {
  it('is GO when all is shown, on an environment that a person declares to be like production', () => {
    const judged = judgeCapacity(good());
    expect(judged).to.include({ verdict: 'GO', signs: 'rates' });
    expect(judged.conditions).to.deep.equal([]);
    expect(judged.margins.map(({ condition, of, is }) => [condition, of, is])).to.deep.equal([
      ['full', 'rate', 'met'],
      ['without one app', 'rate', 'met'],
      ['without one app', 'full', 'met'],
      ['without redis', 'full', 'met'],
    ]);
  });

  it('signs ratios only when nobody declares it, and names the rates that are not signed', () => {
    const judged = judgeCapacity(good({ productionLike: null }));
    expect(judged).to.include({ verdict: 'GO WITH CONDITIONS', signs: 'ratios' });
    expect(judged.conditions).to.deep.equal([
      'nobody declared the environment to be like production: only ratios are signed',
      'full: whether it carries 278/s is not signed',
      'without one app: whether it carries 278/s is not signed',
    ]);
  });

  it('is no GO of any kind when ratios are signed and none was asked for', () => {
    const needs = [{ condition: 'full', ratePerS: 278 }];
    const judged = judgeCapacity(good({ productionLike: null, targets: { ...targets, needs } }));
    expect(judged).to.include({ verdict: 'NO-GO', signs: 'ratios' });
  });

  it('is NO-GO when something is not shown, and a condition when a person waives it', () => {
    expect(judgeCapacity(facts({ waivers: [] })).verdict).to.equal('NO-GO');
    const waived = judgeCapacity(facts());
    expect(waived.verdict).to.equal('GO WITH CONDITIONS');
    expect(waived.conditions).to.deep.equal([
      'without redis: keeps 0.4369 (0.4132 to 0.4619) of the full capacity, and 0.5 is needed; waived by Ada Lovelace: Redis has a standby from January on; the peak is in June.',
    ]);
  });

  it('is NO-GO when the full capacity is missed, whoever waives it', () => {
    const small = GOOD.map((one) => (one.condition === 'full' ? { ...one, ratePerS: 250, low: 240, high: 260 } : one));
    const waivers = [{ of: 'full', by: 'Ada Lovelace', reason: 'it will do' }];
    const judged = judgeCapacity(good({ capacities: small, waivers }));
    expect(judged.verdict).to.equal('NO-GO');
    expect(judged.conditions[0]).to.equal('full: carries 0.8993 (0.8633 to 0.9353) of what is needed, 278/s');
  });

  it('takes an interval across the need for not shown', () => {
    const near = GOOD.map((one) => (one.condition === 'full' ? { ...one, ratePerS: 290, low: 270, high: 310 } : one));
    const judged = judgeCapacity(good({ capacities: near }));
    expect(judged).to.include({ verdict: 'NO-GO' });
    expect(judged.conditions[0]).to.match(/: not certain$/);
  });

  it('takes what was not measured for not shown, with the reason', () => {
    const notRun = [{ what: 'without redis', reason: 'the time was up' }];
    const judged = judgeCapacity(good({ capacities: GOOD.slice(0, 2), notRun }));
    expect(judged).to.include({ verdict: 'NO-GO' });
    expect(judged.conditions).to.deep.equal(['without redis: not measured: the time was up']);
  });

  it('takes an experiment that did not pass for not shown', () => {
    const [one] = OUTCOME.experiments;
    const judged = judgeCapacity(good({ experiments: [{ ...one!, verdict: 'INCONCLUSIVE' }] }));
    expect(judged.conditions).to.deep.equal(['experiments/saturday-peak.yaml: it ended INCONCLUSIVE']);
    expect(judgeCapacity(good({ experiments: [] })).verdict).to.equal('NO-GO');
  });

  it('knows no upper end of a ratio when the full capacity has none, and then no ratio is certain', () => {
    const open = GOOD.map((one) =>
      one.condition === 'full' ? { ...one, limit: 'generator' as const, high: null } : one,
    );
    const judged = judgeCapacity(good({ capacities: open }));
    const [, , kept] = judged.margins;
    expect(kept).to.include({ of: 'full', low: 0, is: 'uncertain' });
    expect(judged.verdict).to.equal('NO-GO');
  });
});

describe('the ratio of two rates', () => {
  it('has a wider interval than each of them', () => {
    const one = { ratePerS: 100, low: 90, high: 110 };
    const { ratio, low, high } = ratioOf(one, { ratePerS: 200, low: 180, high: 220 });
    expect(ratio).to.equal(0.5);
    expect(low).to.be.within(0.42, 0.45);
    expect(high!).to.be.within(0.56, 0.58);
  });
});

describe('the test result of a certificate', () => {
  it('lists what passed, what was waived and what failed', () => {
    const certificate = (JSON.parse(unsigned().certificate) as { predicate: Certificate }).predicate;
    expect(resultOf(certificate)).to.deep.include({
      result: 'WARNED',
      passedTests: ['capacity: full', 'capacity: without one app', 'experiment: experiments/saturday-peak.yaml'],
      warnedTests: ['capacity: without redis'],
      failedTests: [],
    });
    const refused = (JSON.parse(unsigned(REGISTRATION, { waivers: [] }).certificate) as { predicate: Certificate })
      .predicate;
    expect(resultOf(refused)).to.deep.include({ result: 'FAILED', failedTests: ['capacity: without redis'] });
  });
});
