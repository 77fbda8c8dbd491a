import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  differenceBounds,
  incompleteBeta,
  leastForPercentile,
  meanBounds,
  percentile,
  percentileBounds,
  proportionBounds,
  standardDeviation,
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

  it('have none when there is too little', () => {
    for (const [percent, least] of [
      [50, 100],
      [95, 200],
      [99, 1_000],
    ] as const) {
      expect(leastForPercentile(percent)).to.equal(least);
      expect(percentileBounds(new Float64Array(least - 1), percent)).to.equal(undefined);
      expect(percentileBounds(new Float64Array(least).fill(3), percent)).to.deep.equal({
        value: 3,
        lower: 3,
        upper: 3,
      });
    }
  });

  it('end with the slow stretch that makes the percentile', () => {
    const { lower, upper } = percentileBounds([...Array<number>(900).fill(5), ...Array<number>(100).fill(900)], 95)!;
    expect({ lower, upper }).to.deep.equal({ lower: 5, upper: 900 });
  });
});

describe('comparing estimates', () => {
  it("the difference of two means has about Welch's bounds", () => {
    // Two samples of ten with a variance of 1: t with 9 degrees of freedom on each side.
    const values = [-1.5, -1, -0.6, -0.3, 0, 0, 0.3, 0.6, 1, 1.5];
    const a = meanBounds(values)!;
    const b = meanBounds(values.map((v) => v + 5))!;
    const { value, lower, upper } = differenceBounds(a, b);
    expect(value).to.be.closeTo(5, 1e-12);
    expect(upper - 5).to.be.closeTo(Math.SQRT2 * (a.upper - a.value), 1e-12);
    expect(5 - lower).to.be.closeTo(upper - 5, 1e-12);
    expect(meanBounds([1])).to.equal(undefined);
    expect(standardDeviation([2, 4])).to.be.closeTo(Math.SQRT2, 1e-12);
  });

  it('is as open as the side that is open', () => {
    const a = { value: 10, lower: 9, upper: 11 };
    const b = { value: 12, lower: 11, upper: Infinity };
    expect(differenceBounds(a, b)).to.deep.include({ value: 2, upper: Infinity });
    expect(differenceBounds(b, a)).to.deep.include({ value: -2, lower: -Infinity });
  });
});
