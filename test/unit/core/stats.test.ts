import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  differenceBounds,
  meanBounds,
  percentile,
  proportionBounds,
  standardDeviation,
} from '../../../harness/core/stats.ts';
import { leastForPercentile, percentileBounds } from '../../../harness/core/bounds/percentile.ts';

describe('the exact bounds of a proportion', () => {
  // A number of errors, and the least number of requests with an upper bound below 0.1 %.
  for (const [errors, least] of [
    [0, 2995],
    [1, 4742],
    [2, 6294],
    [3, 7752],
    [5, 10511],
    [10, 16959],
  ] as const) {
    it(`are below 0.1 % for ${errors} errors in ${least} requests, and not for one request fewer`, () => {
      expect(proportionBounds(errors, least).upper).to.be.below(0.001);
      expect(proportionBounds(errors, least - 1).upper).to.be.at.least(0.001);
    });
  }

  it('are 0 and 1 without trials, and do not go beyond 0 and 1', () => {
    expect(proportionBounds(0, 0)).to.deep.equal({ lower: 0, upper: 1 });
    expect(proportionBounds(0, 10).lower).to.equal(0);
    expect(proportionBounds(10, 10).upper).to.equal(1);
  });
});

describe('percentiles', () => {
  it('are nearest ranks', () => {
    expect(percentile([1, 2, 3, 4], 50)).to.equal(2);
    expect(percentile([1, 2, 3, 4], 95)).to.equal(4);
    expect(percentile([], 50)).to.equal(undefined);
  });

  it('have no bounds when there are too few values', () => {
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
        stretch: 1,
        excluded: Math.floor((least * Math.log1p(percent / 100 - 1)) / Math.log(0.05)),
      });
    }
  });

  it('have an upper bound in the slow stretch when only the last tenth is slow', () => {
    const { lower, upper } = percentileBounds([...Array<number>(900).fill(5), ...Array<number>(100).fill(900)], 95)!;
    expect({ lower, upper }).to.deep.equal({ lower: 5, upper: 900 });
  });
});

describe('the difference of two estimates', () => {
  it("has about Welch's bounds when the estimates are means", () => {
    // Two sets of ten values with the same variance: t with 9 degrees of freedom on each side.
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

  it('has an infinite bound when an estimate has one', () => {
    const a = { value: 10, lower: 9, upper: 11 };
    const b = { value: 12, lower: 11, upper: Infinity };
    expect(differenceBounds(a, b)).to.deep.include({ value: 2, upper: Infinity });
    expect(differenceBounds(b, a)).to.deep.include({ value: -2, lower: -Infinity });
  });
});
