import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { changePoints, NIGHTLY } from '../../../../harness/core/trend/change-points.ts';
import { bestSplit } from '../../../../harness/core/trend/energy.ts';

/** Values around 100, between 98 and 102. */
const around = (level: number, count: number, seed = 1): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level * (0.98 + 0.04 * random()));
};

describe('bestSplit', () => {
  it('finds the cut with the greatest energy distance, and its size by the definition', () => {
    const values = [1, 2, 1, 9, 8, 9];
    const split = bestSplit(values, 0, values.length, 2);
    // Means of distances: between the parts 66/9, within the parts 2/3 each. Scaled by 3 * 3 / 6.
    expect(split?.at).to.equal(3);
    expect(split?.energy).to.be.closeTo(1.5 * (2 * (66 / 9) - 2 / 3 - 2 / 3), 1e-9);
  });

  it('agrees with the sums over all pairs at every place', () => {
    const values = around(100, 12, 5).map((v, i) => (i > 7 ? v + 30 : v));
    const pairs = (a: readonly number[], b: readonly number[]): number =>
      a.flatMap((x) => b.map((y) => Math.abs(x - y))).reduce((sum, d) => sum + d, 0);
    const within = (part: readonly number[]): number => pairs(part, part) / (part.length * (part.length - 1));
    const energies = Array.from({ length: 7 }, (_, i) => {
      const [left, right] = [values.slice(0, i + 3), values.slice(i + 3)];
      const between = pairs(left, right) / (left.length * right.length);
      return ((left.length * right.length) / 12) * (2 * between - within(left) - within(right));
    });
    const split = bestSplit(values, 0, 12, 3);
    expect(split?.energy).to.be.closeTo(Math.max(...energies), 1e-9);
    expect(split?.at).to.equal(energies.indexOf(Math.max(...energies)) + 3);
  });

  it('cuts nothing that is too short for two parts', () => {
    expect(bestSplit([1, 2, 9, 9, 9], 0, 5, 3)).to.equal(undefined);
    expect(bestSplit([], 0, 0, 3)).to.equal(undefined);
  });
});

describe('changePoints', () => {
  it('finds each change with the means around it, the oldest first', () => {
    const points = changePoints([...around(100, 20), ...around(150, 20, 2), ...around(90, 20, 3)]);
    expect(points.map(({ at }) => at)).to.deep.equal([20, 40]);
    expect(points[0]?.from).to.be.closeTo(100, 1);
    expect(points[0]?.to).to.be.closeTo(150, 1.5);
    expect(points[1]?.to).to.be.closeTo(90, 1);
    expect(points.every(({ p }) => p < NIGHTLY.p)).to.equal(true);
  });

  it('finds a change on its third night and not before', () => {
    const before = Array.from({ length: 20 }, (_, night) => (night % 2 === 0 ? 105 : 95));
    expect(changePoints([...before, 120])).to.deep.equal([]);
    expect(changePoints([...before, 120, 120])).to.deep.equal([]);
    expect(changePoints([...before, 120, 120, 120]).map(({ at }) => at)).to.deep.equal([20]);
  });

  it('takes one spike for no change, however great', () => {
    expect(changePoints([...around(100, 20), 900, ...around(100, 20, 2)])).to.deep.equal([]);
  });

  it('leaves out a change below the smallest effect, however certain', () => {
    const four = [...Array<number>(50).fill(100), ...Array<number>(50).fill(104)];
    expect(changePoints(four)).to.deep.equal([]);
    expect(changePoints(four, { ...NIGHTLY, effect: 0.03 }).map(({ at }) => at)).to.deep.equal([50]);
  });

  it('finds the end of a long row of zeros, and nothing in a row of equal values', () => {
    expect(changePoints([...Array<number>(10).fill(0), 2, 2, 2])).to.deep.equal([{ at: 10, from: 0, to: 2, p: 0 }]);
    expect(changePoints(Array<number>(30).fill(0.1))).to.deep.equal([]);
    expect(changePoints([])).to.deep.equal([]);
  });
});
