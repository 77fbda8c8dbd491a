import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { type Calibrated, capacityDocument, isConclusive } from '../../../../harness/core/capacity/calibrated.ts';
import { type KneeOptions, KneeSearch, type StepVerdict } from '../../../../harness/core/capacity/knee.ts';
import { capacityYaml } from '../../../../harness/plan/index.ts';
import { renderCapacity } from '../../../../harness/reporters/console/capacity.ts';

const OPTIONS: KneeOptions = { fromPerS: 60, leastPerS: 40, mostPerS: 120, ratio: 0.1 };
const FAILS: StepVerdict = { verdict: 'does not carry', broke: 'latency' };

const found = (replicas: number, told: readonly StepVerdict['verdict'][]): Calibrated => ({
  replicas,
  knee: new KneeSearch(
    OPTIONS,
    told.map((verdict) => (verdict === 'does not carry' ? FAILS : { verdict })),
  ).knee(),
  steps: told.map(() => ({ ...FAILS, ratePerS: 60, observed: 'p95 300 ms' })),
  tookMs: 61_400,
});

const FACTS = {
  service: 'app',
  objective: { p95Ms: 200, errors: 0.001 },
  workload: 'experiments/workloads/saturday.yaml',
  date: '2026-11-24',
  cores: 2,
};
const WHOLE = [
  found(1, ['carries', 'does not carry', 'does not carry', 'does not carry', 'carries', 'does not carry']),
  found(4, ['carries', 'carries']),
];
const PARTLY = [
  ...WHOLE,
  found(6, ['carries', 'generator', 'generator']),
  found(8, ['does not carry', 'does not carry']),
  found(9, [
    'carries',
    'cannot tell',
    'cannot tell',
    'cannot tell',
    'cannot tell',
    'carries',
    'cannot tell',
    'cannot tell',
  ]),
];

describe('the result of a calibration', () => {
  it('is a YAML file that people can read', () => {
    const text = capacityYaml(capacityDocument(FACTS, WHOLE), '../workloads/saturday.yaml');
    expect(text).to.equal(`service: app
slo: { p95: 200ms, errors: 0.1% }
workload: ../workloads/saturday.yaml
measured: { date: 2026-11-24, cores: 2 }
carries: { 1: 67.5/s, 4: 120/s }
fails: { 1: 71.25/s }
broke: { 1: latency }
`);
    expect(parse(text)).to.have.nested.property('carries.1', '67.5/s');
  });

  it('says in the file what is not known', () => {
    const text = capacityYaml(capacityDocument(FACTS, PARTLY), 'w.yaml');
    expect(text).to.include('generator_fails: { 6: 120/s }').and.to.include('not_finished: { 6: the time was up');
    expect(capacityYaml(capacityDocument(FACTS, []), 'w.yaml')).to.include('carries: {}');
  });

  it('is conclusive when each knee was found or lies above the highest rate', () => {
    expect(isConclusive(capacityDocument(FACTS, WHOLE))).to.equal(true);
    expect(isConclusive(capacityDocument(FACTS, PARTLY))).to.equal(false);
  });

  it('is a table for people, with what must be known beside it', () => {
    const text = renderCapacity(capacityDocument(FACTS, PARTLY));
    expect(text).to.match(/^app within p95 < 200 ms and errors < 0\.1 %\n/);
    expect(text).to.match(/^1 +67\.5\/s +71\.25\/s +latency +6 +61$/m);
    expect(text).to.match(/^4 +at least 120\/s +– +– +2 +61$/m);
    expect(text).to.include('4: the highest allowed rate was carried');
    expect(text).to.include('8: not even the lowest rate was carried');
    expect(text).to.include('6: the time was up');
    expect(text).to.include('9: nobody could tell whether 82.5/s is carried');
  });
});
