import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { changePoints, NIGHTLY } from '../../../../harness/core/trend/change-points.ts';
import { RERUNS } from '../../../../harness/core/trend/interleave.ts';
import { nightValue, simulateNights } from '../../../helpers/nights.ts';

const ALONE = { sensitivity: NIGHTLY, reruns: 0 };
const WITH_RERUNS = { sensitivity: NIGHTLY, reruns: RERUNS };

describe('a hundred simulated nights', function () {
  // A hang guard: 100,000 nights take some seconds.
  this.timeout(120_000);

  it('raise a false alarm in at most 2 % of the series after reruns, and in many series without', () => {
    expect(simulateNights({ effect: 0, watch: WITH_RERUNS }).alarmed).to.be.at.most(0.02);
    expect(simulateNights({ effect: 0, watch: ALONE }).alarmed, 'without reruns').to.be.above(0.15);
  });

  it('show +20 % in at least 99 % of the series, in three nights as the median', () => {
    const { found, medianNights, alarmed } = simulateNights({ effect: 0.2, watch: WITH_RERUNS });
    expect(found).to.be.at.least(0.99);
    expect(medianNights).to.be.at.most(3);
    expect(alarmed, 'before the change').to.be.at.most(0.02);
  });

  it('ask for reruns seldom: a refuted change is not asked about each night', () => {
    expect(simulateNights({ effect: 0, watch: WITH_RERUNS }).asked).to.be.below(1);
  });
});

describe('forty series of a year', function () {
  // The demand is 1 s. A shared machine may be slower, and a cubic algorithm would take minutes.
  this.timeout(10_000);

  it('are searched for changes in about a second', () => {
    const random = seededRandom(7);
    const year = (step: number): number[] =>
      Array.from({ length: 365 }, (_, night) => nightValue(random, 100 + step * Math.floor(night / 73)));
    const found = Array.from({ length: 40 }, (_, i) => changePoints(year(i % 2 === 0 ? 0 : 20)).length);
    expect(found.filter((_, i) => i % 2 === 1).every((changes) => changes >= 4)).to.equal(true);
  });
});
