import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../harness/core/random.ts';
import { percentile } from '../../../harness/core/stats.ts';
import { selectPercentile } from '../../../harness/core/selection.ts';

describe('a percentile without sorting', () => {
  it('equals the percentile of the sorted values, whatever their order and however often they repeat', () => {
    const random = seededRandom(42);
    for (let length = 1; length <= 300; length += 1) {
      const distinct = 1 + Math.floor(random() * length);
      const values = Float64Array.from({ length }, () => Math.floor(random() * distinct));
      for (const order of [values, values.toSorted(), values.toSorted().toReversed()]) {
        for (const percent of [0, 50, 95, 99, 100]) {
          const found = selectPercentile(Float64Array.from(order), percent);
          expect(found).to.equal(percentile(values.toSorted(), percent));
        }
      }
    }
  });

  it('can be selected again from the same values', () => {
    const values = Float64Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 1_000);
    expect([95, 50, 99].map((percent) => selectPercentile(values, percent))).to.deep.equal([949, 499, 989]);
  });

  it('is undefined when there are no values', () => {
    expect(selectPercentile(new Float64Array(0), 50)).to.equal(undefined);
  });
});
