import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  extrapolate,
  type Extrapolation,
  fitUsl,
  type ReplicaKnee,
  replicasNeeded,
  type Usl,
  uslRate,
  widthOf,
} from '../../../../harness/core/capacity/extrapolate.ts';
import { isRefusal } from '../../../../harness/core/capacity/refusal.ts';
import { seededRandom } from '../../../../harness/core/random.ts';

const LAW: Usl = { c: 120, a: 0.03, b: 0.0005 };
const COUNTS = [1, 2, 3, 4, 6];
/** What some numbers carry by a law, with intervals of ±`share`; the rate is `off(i)` of an interval away. */
const measured = (law: Usl, share = 0.02, off: (i: number) => number = () => 0, counts = COUNTS): ReplicaKnee[] =>
  counts.map((replicas, i) => {
    const ratePerS = uslRate(law, replicas) * (1 + share * off(i));
    return { replicas, ratePerS, low: ratePerS * (1 - share), high: ratePerS * (1 + share) };
  });
const model = (points: readonly ReplicaKnee[]): Extrapolation => {
  const found = extrapolate(points, 42);
  if (isRefusal(found)) throw new Error(found.message);
  return found;
};

describe('the Universal Scalability Law', () => {
  it('is found again from what it says', () => {
    const found = fitUsl(measured(LAW).map(({ replicas, ratePerS }) => [replicas, ratePerS]));
    expect(found.c).to.be.closeTo(LAW.c, 1e-6);
    expect(found.a).to.be.closeTo(LAW.a, 1e-9);
    expect(found.b).to.be.closeTo(LAW.b, 1e-9);
  });

  it('has no contention and no coherency below 0', () => {
    const better = COUNTS.map((n): [number, number] => [n, 100 * n ** 1.1]);
    expect(fitUsl(better)).to.include({ a: 0, b: 0 });
  });
});

describe('an extrapolation', () => {
  it('predicts the largest measured number from the others', () => {
    const { leftOut } = model(measured(LAW));
    expect(leftOut.measured.replicas).to.equal(6);
    expect(leftOut.predicted.ratePerS).to.be.closeTo(uslRate(LAW, 6), 1);
    expect(leftOut.predicted.low).to.be.at.most(leftOut.measured.high);
  });

  it('has the same intervals with the same seed, and wider ones farther away', () => {
    const points = measured(LAW, 0.02, (i) => [0.3, -0.4, 0.2, 0.5, -0.3][i]!);
    const [one, other] = [model(points), model(points)];
    expect(one.at(8)).to.deep.equal(other.at(8));
    expect(widthOf(one.at(12))).to.be.above(widthOf(one.at(7)));
    expect(one.at(6).beyond).to.equal(false);
    expect(one.at(7).beyond).to.equal(true);
  });

  it('says how many replicas a rate needs, by the lower end of the interval', () => {
    const needed = replicasNeeded(model(measured(LAW)), 700, 100);
    if (isRefusal(needed)) throw new Error(needed.message);
    expect(needed.low).to.be.at.least(700);
    expect(needed).to.include({ replicas: 8, beyond: true });
  });

  it('refuses what is wider than 20 %: 50,000 users from six replicas', () => {
    const needed = replicasNeeded(model(measured(LAW)), 6_325, 1_000);
    expect(needed).to.have.property('code', 'CHAOS_EXTRAPOLATION_WIDE');
  });

  it('refuses a rate that no number carries', () => {
    const close = measured({ c: 120, a: 0.05, b: 0.05 }, 0.002, () => 0, [1, 2, 3, 4, 5, 6, 8]);
    expect(replicasNeeded(model(close), 2_000, 1_000)).to.have.property('code', 'CHAOS_EXTRAPOLATION_NEVER');
    expect(replicasNeeded(model(measured(LAW)), 700, 3)).to.have.property('code', 'CHAOS_EXTRAPOLATION_NEVER');
  });

  it('refuses fewer than four numbers', () => {
    expect(extrapolate(measured(LAW).slice(0, 3), 42)).to.have.property('code', 'CHAOS_EXTRAPOLATION_TOO_FEW');
  });

  it('refuses when something else limits the largest number: a database that carries 430 requests a second', () => {
    const capped = measured(LAW).map((point) =>
      point.replicas < 6 ? point : { replicas: 6, ratePerS: 430, low: 425, high: 435 },
    );
    expect(extrapolate(capped, 42)).to.have.property('code', 'CHAOS_EXTRAPOLATION_WRONG');
  });

  it('holds the truth beyond the largest number about as often as it says', function () {
    // A hang guard.
    this.timeout(120_000);
    const random = seededRandom(7);
    let held = 0;
    const share = 0.02;
    const all = 40;
    for (let n = 0; n < all; n += 1) {
      // A rate is so far from the truth as its 90 % interval says.
      const off = Array.from(
        { length: 5 },
        () => (Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())) / 1.645,
      );
      const found = extrapolate(
        measured(LAW, share, (i) => off[i]!),
        n,
      );
      if (isRefusal(found)) continue;
      const { low, high } = found.at(8);
      if (low <= uslRate(LAW, 8) && uslRate(LAW, 8) <= high) held += 1;
    }
    expect(held).to.be.within(30, 40);
  });
});
