import { expect } from 'chai';
import { describe, it } from 'mocha';
import { incompleteBeta, studentQuantile, studentTail } from '../../../../harness/core/bounds/distributions.ts';

describe('the functions of distributions', () => {
  it("agree with the printed table of Student's t", () => {
    for (const [freedom, t] of [
      [1, 6.314],
      [9, 1.833],
      [30, 1.697],
    ] as const) {
      expect(studentQuantile(0.95, freedom)).to.be.closeTo(t, 0.001);
    }
  });

  it("agree with the printed tail of Student's t, far out too", () => {
    expect(studentTail(0, 5)).to.equal(0.5);
    expect(studentTail(1.833, 9)).to.be.closeTo(0.05, 1e-4);
    // With one degree of freedom it is the Cauchy distribution.
    expect(studentTail(1_000, 1)).to.be.closeTo(0.5 - Math.atan(1_000) / Math.PI, 1e-12);
  });

  it('give the arcsine law for the incomplete beta function at one half, and its symmetry', () => {
    expect(incompleteBeta(0.3, 0.5, 0.5)).to.be.closeTo((2 / Math.PI) * Math.asin(Math.sqrt(0.3)), 1e-12);
    expect(incompleteBeta(0.2, 3, 7)).to.be.closeTo(1 - incompleteBeta(0.8, 7, 3), 1e-12);
  });
});
