import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../harness/core/random.ts';
import { growthPerMinute } from '../../bench/growth.ts';

describe('the growth of a series', () => {
  it('is the exact slope of a line, per minute', () => {
    const growth = growthPerMinute(Array.from({ length: 480 }, (_, second) => 150 + second / 20));
    expect(growth?.value).to.be.closeTo(3, 1e-9);
    expect(growth?.lower).to.be.closeTo(3, 1e-9);
    expect(growth?.upper).to.be.closeTo(3, 1e-9);
  });

  it('has bounds that contain the true value about as often as promised', () => {
    const random = seededRandom(42);
    let held = 0;
    for (let round = 0; round < 400; round += 1) {
      const series = Array.from({ length: 200 }, (_, second) => 150 + second / 30 + 8 * (random() - 0.5));
      const growth = growthPerMinute(series);
      if (growth !== undefined && growth.lower <= 2 && growth.upper >= 2) held += 1;
    }
    expect(held / 400).to.be.within(0.92, 0.98);
  });

  it('is undefined when the time is too short', () => {
    expect(growthPerMinute(Array.from({ length: 19 }, () => 150))).to.equal(undefined);
  });
});
