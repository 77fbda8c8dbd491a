import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NIGHTLY } from '../../../../harness/core/trend/change-points.ts';
import { confirmChange, residualsOf } from '../../../../harness/core/trend/confirm.ts';

const RESIDUALS = [-6, -4, -3, -1, 0, 1, 3, 4, 6];
const UP = { from: 100, to: 120 };

describe('confirmChange', () => {
  const before = [98, 103, 100, 96, 101];

  it('confirms a change that the reruns show too, with their means without the ends', () => {
    const found = confirmChange(UP, { before, now: [121, 118, 124, 119, 117] }, RESIDUALS, NIGHTLY);
    expect(found).to.include({ confirmed: true, from: (98 + 100 + 101) / 3, to: (118 + 119 + 121) / 3 });
  });

  it('refutes a change that the reruns do not show, and a change in the other direction', () => {
    expect(confirmChange(UP, { before, now: [99, 102, 101, 97, 103] }, RESIDUALS, NIGHTLY).confirmed).to.equal(false);
    expect(confirmChange(UP, { before, now: [80, 82, 79, 81, 78] }, RESIDUALS, NIGHTLY).confirmed).to.equal(false);
  });

  it('is not moved by one disturbed rerun of each side', () => {
    const disturbed = { before: [...before.slice(0, 4), 300], now: [121, 118, 124, 119, 400] };
    expect(confirmChange(UP, disturbed, RESIDUALS, NIGHTLY)).to.include({ confirmed: true });
    const nothing = confirmChange(UP, { before, now: [...before.slice(0, 4), 400] }, RESIDUALS, NIGHTLY);
    expect(nothing.confirmed).to.equal(false);
  });

  it('confirms no change below the smallest effect, and none without a value or without residuals', () => {
    expect(confirmChange(UP, { before, now: before.map((v) => v + 4) }, [0, 0, 0.1], NIGHTLY).confirmed).to.equal(
      false,
    );
    expect(confirmChange(UP, { before: [], now: [] }, RESIDUALS, NIGHTLY).confirmed).to.equal(false);
    expect(confirmChange(UP, { before, now: [121, 118, 124, 119, 117] }, [], NIGHTLY).confirmed).to.equal(false);
  });

  it('confirms any change of a figure that never varies: lost writes', () => {
    const found = confirmChange({ from: 0, to: 2 }, { before: [0, 0, 0], now: [2, 2, 1] }, [0, 0, 0], NIGHTLY);
    expect(found).to.include({ confirmed: true, times: Infinity });
  });
});

describe('residualsOf', () => {
  it('are the distances from the median of each part', () => {
    expect(residualsOf([1, 2, 3, 10, 20, 12], [3])).to.deep.equal([-1, 0, 1, -2, 8, 0]);
    expect(residualsOf([], [])).to.deep.equal([]);
  });
});
