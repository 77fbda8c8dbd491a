import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../harness/core/random.ts';
import {
  incompleteBeta,
  percentile,
  percentileBounds,
  proportionBounds,
  studentQuantile,
} from '../../../harness/core/stats.ts';

describe('exact bounds of a proportion', () => {
  // The least number of requests with so many errors whose upper bound is under 0.1 %.
  for (const [errors, least] of [
    [0, 2995],
    [1, 4742],
    [2, 6294],
    [3, 7752],
    [5, 10511],
    [10, 16959],
  ] as const) {
    it(`${errors} of ${least} is just under 0.1 %, of one fewer is not`, () => {
      expect(proportionBounds(errors, least).upper).to.be.below(0.001);
      expect(proportionBounds(errors, least - 1).upper).to.be.at.least(0.001);
    });
  }

  it('says nothing without trials, and ends at 0 and 1', () => {
    expect(proportionBounds(0, 0)).to.deep.equal({ lower: 0, upper: 1 });
    expect(proportionBounds(0, 10).lower).to.equal(0);
    expect(proportionBounds(10, 10).upper).to.equal(1);
  });
});

describe('distributions', () => {
  it("Student's t agrees with the printed table", () => {
    for (const [freedom, t] of [
      [1, 6.314],
      [9, 1.833],
      [30, 1.697],
    ] as const) {
      expect(studentQuantile(0.95, freedom)).to.be.closeTo(t, 0.001);
    }
  });

  it('the incomplete beta function is the arcsine law at one half and symmetric', () => {
    expect(incompleteBeta(0.3, 0.5, 0.5)).to.be.closeTo((2 / Math.PI) * Math.asin(Math.sqrt(0.3)), 1e-12);
    expect(incompleteBeta(0.2, 3, 7)).to.be.closeTo(1 - incompleteBeta(0.8, 7, 3), 1e-12);
  });
});

describe('percentiles', () => {
  it('are nearest ranks', () => {
    expect(percentile([1, 2, 3, 4], 50)).to.equal(2);
    expect(percentile([1, 2, 3, 4], 95)).to.equal(4);
    expect(percentile([], 50)).to.equal(undefined);
  });

  it('have bounds that hold the truth about as often as promised', () => {
    // Independent exponential values: the true 95th percentile is ln 20. Each side may miss 5 % of the time.
    const random = seededRandom(7);
    const truth = Math.log(20);
    let covered = 0;
    for (let run = 0; run < 300; run += 1) {
      const values = Array.from({ length: 2_000 }, () => -Math.log(1 - random()));
      const bounds = percentileBounds(values, 95)!;
      if (bounds.lower <= truth && truth <= bounds.upper) covered += 1;
    }
    expect(covered / 300).to.be.within(0.85, 0.97);
  });

  it('have none when there is too little', () => {
    expect(
      percentileBounds(
        Array.from({ length: 500 }, () => 1),
        95,
      ),
    ).to.equal(undefined);
    expect(
      percentileBounds(
        Array.from({ length: 600 }, () => 1),
        95,
      ),
    ).to.include({ value: 1, upper: 1 });
  });
});
