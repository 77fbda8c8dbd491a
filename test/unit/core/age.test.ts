import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseAge, parseMoment } from '../../../harness/core/age.ts';

const NOW = Date.UTC(2026, 10, 24, 4, 30);

describe('an age', () => {
  it('is a whole number of hours, days or weeks, in milliseconds', () => {
    expect(parseAge('12h')).to.equal(43_200_000);
    expect(parseAge('90d')).to.equal(7_776_000_000);
    expect(parseAge('2w')).to.equal(1_209_600_000);
    for (const text of ['90', '90m', '-1d', '1.5d', 'd', '', '90 d']) expect(parseAge(text), text).to.equal(undefined);
  });
});

describe('a moment', () => {
  it('is an age before now, or a date, in UTC when it says no zone', () => {
    expect(parseMoment('1d', NOW)).to.equal(NOW - 86_400_000);
    expect(parseMoment('2026-11-24', NOW)).to.equal(Date.UTC(2026, 10, 24));
    expect(parseMoment('2026-11-24T04:30', NOW)).to.equal(NOW);
    expect(parseMoment('2026-11-24T04:30:00.000Z', NOW)).to.equal(NOW);
    expect(parseMoment('2026-11-24T05:30+01:00', NOW)).to.equal(NOW);
  });

  it('is undefined for anything else', () => {
    for (const text of ['yesterday', '24.11.2026', '2026-13-40', '2026', '', 'latest'])
      expect(parseMoment(text, NOW), text).to.equal(undefined);
  });
});
