import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  constantRate,
  peakRate,
  plannedWithin,
  rateAt,
  type Arrivals,
} from '../../../../harness/core/load/arrivals.ts';

/** 0 to 100/s over 10 s, 100/s for 10 s, a step to 300/s for 5 s, down to 50/s over 5 s, then 50/s. */
const SHAPE: Arrivals = {
  process: 'constant',
  stages: [
    { ms: 10_000, from: 0, to: 100 },
    { ms: 10_000, from: 100, to: 100 },
    { ms: 5_000, from: 300, to: 300 },
    { ms: 5_000, from: 300, to: 50 },
  ],
};

describe('arrivals', () => {
  it('are counted by the integral of their rate', () => {
    expect(plannedWithin(SHAPE, 0, 10_000)).to.be.closeTo(500, 1e-9);
    expect(plannedWithin(SHAPE, 5_000, 10_000)).to.be.closeTo(375, 1e-9);
    expect(plannedWithin(SHAPE, 10_000, 20_000)).to.be.closeTo(1_000, 1e-9);
    expect(plannedWithin(SHAPE, 19_000, 21_000)).to.be.closeTo(400, 1e-9);
    expect(plannedWithin(SHAPE, 25_000, 30_000)).to.be.closeTo(875, 1e-9);
    expect(plannedWithin(SHAPE, 30_000, 40_000)).to.be.closeTo(500, 1e-9);
    expect(plannedWithin(SHAPE, -5_000, 1_000)).to.be.closeTo(5, 1e-9);
    expect(plannedWithin(constantRate(278), 3_000, 13_000)).to.be.closeTo(2_780, 1e-9);
  });

  it('have a rate at each moment, and a peak rate', () => {
    expect(
      [0, 5_000, 9_999.9, 20_000, 27_500, 30_000, 99_000].map((ms) => Math.round(rateAt(SHAPE, ms))),
    ).to.deep.equal([0, 50, 100, 300, 175, 50, 50]);
    expect(peakRate(SHAPE)).to.equal(300);
    expect(rateAt(constantRate(7), 0)).to.equal(7);
  });
});
