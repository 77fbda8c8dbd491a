import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { drawn } from '../../helpers/drawn.ts';

const CASES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

describe('the cases of a day', () => {
  const set = process.env['CHAOS_TESTS'];
  beforeEach(() => delete process.env['CHAOS_TESTS']);
  afterEach(() => {
    if (set !== undefined) process.env['CHAOS_TESTS'] = set;
  });

  it('are as many as asked for, the same all day, in the order of the list', () => {
    for (let day = 20_000; day < 20_050; day += 1) {
      const today = drawn(CASES, 2, day);
      expect(today).to.have.length(2);
      expect(drawn(CASES, 2, day)).to.deep.equal(today);
      expect(today).to.deep.equal(today.toSorted());
    }
    expect(drawn(CASES, 9, 1)).to.deep.equal(CASES);
    expect(drawn(CASES, 99, 1)).to.deep.equal(CASES);
  });

  it('are all cases in each round of days, and each round has another order', () => {
    const rounds = Array.from({ length: 20 }, (_, round) =>
      Array.from({ length: 5 }, (_none, day) => drawn(CASES, 2, 5 * round + day).join('')),
    );
    for (const round of rounds) expect([...new Set(round.join(''))].toSorted()).to.deep.equal(CASES);
    expect(new Set(rounds.map((round) => round.join(' '))).size).to.be.greaterThan(15);
  });

  it('are all cases when all are asked for', () => {
    process.env['CHAOS_TESTS'] = 'all';
    expect(drawn(CASES, 1, 1)).to.deep.equal(CASES);
    delete process.env['CHAOS_TESTS'];
  });
});
