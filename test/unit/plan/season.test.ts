import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { plannedWithin } from '../../../harness/core/load/arrivals.ts';
import { TEST_TYPES } from '../../../harness/core/load/load.ts';
import { changesSystem } from '../../../harness/core/plan/plan.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { read } from './read.ts';

const DIR = join(ROOT, 'experiments', 'season');
const files = readdirSync(DIR).filter((file) => file.endsWith('.yaml'));

const planOf = (file: string) => {
  const { plan, problems, warnings } = read(join(DIR, file));
  expect([...problems, ...warnings], file).to.deep.equal([]);
  if (plan === undefined) throw new Error(`${file} has no plan`);
  return plan;
};

describe('the experiments of a season', () => {
  it('are of each type that the specification has', () => {
    const types = files.flatMap((file) => planOf(file).tags);
    expect(new Set(types)).to.deep.equal(new Set(TEST_TYPES));
  });

  for (const file of files)
    it(`break nothing, go through every phase, and lose no write: ${file}`, () => {
      const plan = planOf(file);
      expect(plan.faults).to.deep.equal([]);
      expect(changesSystem(plan)).to.equal(true);
      expect(plan.hypotheses.map(({ check }) => check)).to.include('acknowledged_writes');
    });

  it('offer a million calls in the peak hour, and 50,000 users at once', () => {
    const hour = planOf('saturday-peak.yaml');
    const before = hour.phases.warmup + hour.phases.baseline;
    expect(plannedWithin(hour.load.arrivals, before, before + hour.phases.fault)).to.be.closeTo(1_000_000, 1);
    const users = planOf('season-users.yaml');
    expect(users.load.virtualUsers).to.equal(50_000);
    expect(Math.max(...users.load.arrivals.stages.map(({ to }) => to))).to.equal(6_325);
  });
});
