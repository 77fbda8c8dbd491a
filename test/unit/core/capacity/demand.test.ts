import { expect } from 'chai';
import { describe, it } from 'mocha';
import { carriedBy, replicasFor } from '../../../../harness/core/capacity/demand.ts';
import { seededRandom } from '../../../../harness/core/random.ts';

const POINTS = [
  { replicas: 2, ratePerS: 100 },
  { replicas: 4, ratePerS: 180 },
  { replicas: 8, ratePerS: 200 },
];

describe('the capacity between measured points', () => {
  it('is linear, and below the smallest point in proportion to it', () => {
    const rates = [0, 1, 2, 3, 4, 6, 8].map((n) => carriedBy(POINTS, n));
    expect(rates).to.deep.equal([0, 50, 100, 140, 180, 190, 200]);
  });

  it('is not known beyond the largest point, and without any point', () => {
    expect(carriedBy(POINTS, 9)).to.equal(undefined);
    expect(carriedBy(POINTS, -1)).to.equal(undefined);
    expect(carriedBy([], 1)).to.equal(undefined);
    expect(replicasFor([], 1)).to.equal(undefined);
    expect(replicasFor(POINTS, 201)).to.equal(undefined);
    expect(replicasFor(POINTS, NaN)).to.equal(undefined);
  });

  for (const [rate, replicas] of [
    [0, 1],
    [50, 1],
    [50.1, 2],
    [100, 2],
    [101, 3],
    [180, 4],
    [181, 5],
    [200, 8],
  ] as const)
    it(`${rate}/s needs ${replicas}`, () => {
      expect(replicasFor(POINTS, rate)).to.equal(replicas);
      expect(replicasFor(POINTS.toReversed(), rate)).to.equal(replicas);
    });

  it('never needs more replicas for a lower rate, and what it asks for carries the rate', () => {
    const random = seededRandom(7);
    for (let n = 0; n < 500; n += 1) {
      // Noise may measure less with more replicas.
      const points = [1, 3, 4, 9].map((replicas) => ({ replicas, ratePerS: replicas * 40 * (0.6 + random()) }));
      const [low, high] = [random() * 300, random() * 300].toSorted((a, b) => a - b) as [number, number];
      const [few, many] = [replicasFor(points, low), replicasFor(points, high)];
      if (many !== undefined) {
        expect(few).to.be.at.most(many);
        expect(carriedBy(points, many)).to.be.at.least(high * (1 - 1e-8));
      }
      points.forEach(({ replicas, ratePerS }) => expect(replicasFor(points, ratePerS)).to.be.at.most(replicas));
    }
  });
});
