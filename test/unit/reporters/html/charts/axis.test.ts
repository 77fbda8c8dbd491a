import { expect } from 'chai';
import { describe, it } from 'mocha';
import { timeLabel, timeTicks } from '../../../../../harness/reporters/html/charts/axis.ts';

describe('the time axis', () => {
  const labels = (length: number): string[] =>
    timeTicks(length)
      .slice(0, 3)
      .map((t) => timeLabel(t, length));

  it('has seconds, minutes or hours, by its length', () => {
    expect(labels(60)).to.deep.equal(['0 s', '10 s', '20 s']);
    expect(labels(600)).to.deep.equal(['0:00', '1:00', '2:00']);
    expect(labels(10_800)).to.deep.equal(['0:00', '30:00', '60:00']);
    expect(labels(16 * 3_600)).to.deep.equal(['0 h', '2 h', '4 h']);
    expect(labels(4 * 3_600)).to.deep.equal(['0 h', '0 h 30', '1 h']);
  });
});
