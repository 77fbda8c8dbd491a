import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../harness/core/random.ts';
import { percentile } from '../../../harness/core/stats.ts';
import { selectPercentile } from '../../../harness/load/selection.ts';

describe('a percentile without sorting', () => {
  it('is that of the sorted values, in whatever order they come and however often they repeat', () => {
    const random = seededRandom(42);
    for (let length = 1; length <= 300; length += 1) {
      const distinct = 1 + Math.floor(random() * length);
      const values = Float64Array.from({ length }, () => Math.floor(random() * distinct));
      for (const order of [values, values.toSorted(), values.toSorted().toReversed()]) {
        for (const percent of [0, 50, 95, 99, 100]) {
          const found = selectPercentile(Float64Array.from(order), percent / 100);
          expect(found).to.equal(percentile(values.toSorted(), percent));
        }
      }
    }
  });

  it('leaves the values there for another', () => {
    const values = Float64Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 1_000);
    expect([0.95, 0.5, 0.99].map((share) => selectPercentile(values, share))).to.deep.equal([949, 499, 989]);
  });

  it('is undefined of none', () => {
    expect(selectPercentile(new Float64Array(0), 0.5)).to.equal(undefined);
  });
});
