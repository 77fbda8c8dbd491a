import { expect } from 'chai';
import { describe, it } from 'mocha';
import { changeToAsk } from '../../../../harness/core/trend/ask.ts';
import { interleaved, stretches } from '../../../../harness/core/trend/interleave.ts';

const point = (at: number, p = 1e-4) => ({ at, from: 100, to: 120, p });

describe('changeToAsk', () => {
  it('asks about the last change while it is young', () => {
    expect(changeToAsk([point(10), point(40)], 43, undefined)).to.deep.equal(point(40));
    expect(changeToAsk([point(40)], 54, undefined)).to.deep.equal(point(40));
    expect(changeToAsk([point(40)], 55, undefined)).to.equal(undefined);
    expect(changeToAsk([], 43, undefined)).to.equal(undefined);
  });

  it('asks nothing about a series of which too little is known', () => {
    expect(changeToAsk([point(5)], 9, undefined)).to.equal(undefined);
    expect(changeToAsk([point(5)], 10, undefined)).to.deep.equal(point(5));
  });

  it('asks once about a change, and again only when it is much more certain', () => {
    const answered = { values: 43, p: 1e-4 };
    expect(changeToAsk([point(40, 5e-5)], 44, answered)).to.equal(undefined);
    expect(changeToAsk([point(40, 1e-7)], 44, answered)).to.deep.equal(point(40, 1e-7));
  });

  it('asks about a change that began after the reruns', () => {
    expect(changeToAsk([point(43, 1e-4)], 46, { values: 43, p: 1e-9 })).to.deep.equal(point(43, 1e-4));
  });
});

describe('the order of reruns', () => {
  it('has as many of each side, and swaps sides so that a drift meets both alike', () => {
    const order = interleaved(5);
    expect(order.map((side) => side.charAt(0)).join('')).to.equal('bnnbbnnbbn');
    const places = (wanted: string): number => order.reduce((sum, side, i) => sum + (side === wanted ? i : 0), 0);
    expect(Math.abs(places('base') - places('now'))).to.be.at.most(1);
    expect(interleaved()).to.have.lengthOf(10);
    expect(stretches(order).map(({ side, count }) => `${side} ${count}`)).to.deep.equal([
      'base 1',
      'now 2',
      'base 2',
      'now 2',
      'base 2',
      'now 1',
    ]);
  });
});
