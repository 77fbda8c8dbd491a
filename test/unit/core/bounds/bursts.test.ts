import { expect } from 'chai';
import { describe, it } from 'mocha';
import { burstsOf, cautiousLength, excludedBurst } from '../../../../harness/core/bounds/bursts.ts';
import { seededRandom } from '../../../../harness/core/random.ts';
import { isAtLeast, isAtMost, proportionBounds } from '../../../../harness/core/stats.ts';
import { drawBursts, flagsOf } from '../../../helpers/doubles/hanging.ts';
import { falsePasses } from '../../../helpers/false-passes.ts';

const withBurst = (count: number, length: number, from: number): Uint8Array => {
  const flags = new Uint8Array(count);
  flags.fill(1, from, from + length);
  return flags;
};

describe('the bursts in which failures come', () => {
  it('have the length of the one burst that there is, wherever it lies', () => {
    for (const from of [0, 5, 1_021, 4_092, 8_188, 16_672])
      expect(burstsOf(withBurst(16_680, 8, from)).length, String(from)).to.be.within(6, 8.4);
  });

  it('are found when only a third of the requests in them fail, and every length is found', () => {
    for (const length of [8, 64])
      for (const density of [1, 1 / 3]) {
        const random = seededRandom(length);
        const flags = flagsOf(drawBursts(random, 200_000, 0.01 / density, length / density), 200_000, random, density);
        // The number of failures in a sparse burst varies too.
        expect(burstsOf(flags).length).to.be.within(length * 0.7, length * 1.4 + 1);
      }
  });

  it('are single values when values are independent', () => {
    const random = seededRandom(9);
    const lengths = Array.from({ length: 40 }, () => {
      const { length } = burstsOf(Uint8Array.from({ length: 12_510 }, () => (random() < 0.01 ? 1 : 0)));
      return length;
    });
    expect(lengths.reduce((a, b) => a + b) / 40).to.be.within(1, 1.5);
    expect(burstsOf(new Uint8Array(500))).to.deep.equal({ length: 1, freedom: Infinity });
    expect(burstsOf(new Uint8Array(500).fill(1)).length).to.equal(1);
    expect(burstsOf([]).length).to.equal(1);
  });

  it('count as longer than they seem where few blocks show them', () => {
    const few = cautiousLength({ length: 8, freedom: 20 }, 0.95);
    expect(few).to.be.within(8.5, 9.5);
    expect(cautiousLength({ length: 8, freedom: 1e5 }, 0.95)).to.be.closeTo(8, 0.01);
    expect(cautiousLength({ length: 1, freedom: Infinity }, 0.95)).to.equal(1);
  });
});

describe('the longest burst that a phase excludes', () => {
  it('is a third of the failures that the limit allows, when nothing failed', () => {
    const excluded = [2_994, 2_995, 12_510, 16_680, 24_000, 192_000].map((count) => excludedBurst(0, count, 0.001));
    expect(excluded).to.deep.equal([0, 1, 4, 5, 8, 64]);
    expect(excludedBurst(0, 12_510, 0.05)).to.equal(214);
    expect(excludedBurst(0, 0, 0.05)).to.equal(0);
  });

  it('is shorter when something failed, and is the longest for which the bound is still below the limit', () => {
    for (const hits of [1, 3, 10]) {
      const longest = excludedBurst(hits, 192_000, 0.001);
      const upper = (length: number): number => proportionBounds(hits / length, 192_000 / length).upper;
      expect(upper(longest)).to.be.below(0.001);
      expect(upper(longest + 1)).to.be.at.least(0.001);
    }
    expect(excludedBurst(7, 12_510, 0.001)).to.equal(0);
  });
});

describe('a bound that is only compared', () => {
  it('is on the same side as the bound itself', () => {
    for (const [hits, trials] of [
      [0, 2_995],
      [3, 400],
      [2.5, 97.3],
      [50, 1_000],
    ] as const)
      for (const share of [0.0009, 0.001, 0.01, 0.04, 0.05, 0.07]) {
        const { lower, upper } = proportionBounds(hits, trials);
        expect(isAtMost(hits, trials, share, 0.95)).to.equal(upper <= share);
        expect(isAtLeast(hits, trials, share, 0.95)).to.equal(lower >= share);
      }
  });
});

describe('"errors < 0.1 %" at a true 0.1 % (case V3)', function () {
  this.timeout(60_000);
  // 5 % is what the bounds promise; 1,500 draws of 5 % are at most 6.7 % (three standard deviations).
  const MOST = 6.7;

  for (const [count, length] of [
    [2_995, 1],
    [24_000, 1],
    [24_000, 8],
    [192_000, 1],
    [192_000, 8],
    [192_000, 64],
  ] as const)
    it(`passes seldom with ${count} requests and bursts of ${length}, which the phase excludes`, () => {
      expect(excludedBurst(0, count, 0.001)).to.be.at.least(length);
      const { exact, passed, claimed } = falsePasses(count, length, 1_500);
      expect(passed).to.be.at.most(MOST);
      expect(claimed).to.be.at.most(MOST);
      if (length > 1) expect(exact, 'bounds of independent failures').to.be.above(15);
    });

  for (const [count, length] of [
    [2_995, 8],
    [24_000, 64],
  ] as const)
    it(`may pass with ${count} requests and bursts of ${length}, and then never says that it excludes them`, () => {
      const { passed, claimed } = falsePasses(count, length, 300);
      expect(passed).to.be.above(30);
      expect(claimed).to.equal(0);
    });
});
