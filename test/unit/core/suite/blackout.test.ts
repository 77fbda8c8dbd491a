import { expect } from 'chai';
import { describe, it } from 'mocha';
import { blackoutAt } from '../../../../harness/core/suite/blackout.ts';
import type { Blackout } from '../../../../harness/core/suite/suite.ts';

const saturdays: Blackout = {
  days: [6],
  from: 0,
  to: 1_440,
  zone: 'Europe/London',
  text: 'sat',
  why: 'weddings',
};
const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

describe('a blackout of a suite', () => {
  it('counts in its own time zone: in summer, Saturday in London begins at 23:00 UTC', () => {
    expect(blackoutAt([saturdays], at('2027-06-04T22:30:00Z'), 0)).to.equal(undefined);
    expect(blackoutAt([saturdays], at('2027-06-04T23:00:00Z'), 0)).to.equal(saturdays);
    expect(blackoutAt([saturdays], at('2027-06-05T22:59:00Z'), 0)).to.equal(saturdays);
    expect(blackoutAt([saturdays], at('2027-06-05T23:00:00Z'), 0)).to.equal(undefined);
  });

  it('refuses a run that would still go on when it begins', () => {
    expect(blackoutAt([saturdays], at('2027-06-04T22:30:00Z'), 0.5 * HOUR - 1_000)).to.equal(undefined);
    expect(blackoutAt([saturdays], at('2027-06-04T22:30:00Z'), 0.5 * HOUR)).to.equal(saturdays);
  });

  it('refuses a run that begins before it and ends after it', () => {
    const lunch = { ...saturdays, days: [1], from: 720, to: 730, zone: 'UTC' };
    expect(blackoutAt([lunch], at('2027-06-07T11:59:30Z'), HOUR)).to.equal(lunch);
  });

  it('ends when its time ends', () => {
    const morning = { ...saturdays, from: 480, to: 720, zone: 'UTC' };
    expect(blackoutAt([morning], at('2027-06-05T12:00:00Z'), HOUR)).to.equal(undefined);
    expect(blackoutAt([morning], at('2027-06-05T11:59:00Z'), HOUR)).to.equal(morning);
  });
});
