import { expect } from 'chai';
import { describe, it } from 'mocha';
import { base64, date, instant, int, integerOf, object, oneOf, text } from '../../../../topology/app/validate.ts';
import type { Rule } from '../../../../topology/app/validate.ts';

describe('the validation of the app', () => {
  const cases: readonly [string, Rule<unknown>, readonly unknown[], readonly unknown[]][] = [
    ['int', int(1, 10), [1, 10], [0, 11, 1.5, '1', null, undefined, NaN]],
    ['text', text(1, 3), ['a', 'abc'], ['', 'abcd', 'a\0', 1, null, undefined]],
    ['oneOf', oneOf(['email', 'sms']), ['sms'], ['fax', '', null]],
    ['date', date, ['2027-06-05', '2028-02-29'], ['2027-02-29', '2027-13-01', '05.06.2027', '1999-01-01', 20270605]],
    [
      'instant',
      instant,
      ['2027-06-05T13:00:00Z', '2027-06-05T13:00+01:00'],
      ['2027-06-05', '2027-06-05T25:00:00Z', 'now'],
    ],
    ['base64', base64(3), ['AAAA', 'AA=='], ['', 'AAA', 'AAAAAAAA', 'A?==', 1]],
    ['object', object({ a: int(1, 1) }), [{ a: 1 }, { a: 1, more: true }], [{}, [], null, 'a', { a: 2 }]],
  ];
  for (const [name, rule, good, bad] of cases) {
    it(`accepts valid values and refuses all others with a 400: ${name}`, () => {
      for (const value of good) expect(() => rule(value, 'body'), JSON.stringify(value)).not.to.throw();
      for (const value of bad) {
        expect(() => rule(value, 'body'), JSON.stringify(value))
          .to.throw(/^body/)
          .with.property('status', 400);
      }
    });
  }

  it('names the place of a wrong value within nested objects', () => {
    const rule = object({ answers: object({ guests: int(0, 5) }) });
    expect(() => rule({ answers: { guests: 9 } }, 'body')).to.throw('body.answers.guests: a whole number from 0 to 5.');
  });

  it('reads bounded whole numbers from query strings', () => {
    expect(integerOf(null, 'page', 1, 100, 1)).to.equal(1);
    expect(integerOf('100', 'page', 1, 100, 1)).to.equal(100);
    for (const raw of ['0', '101', '-1', '1.0', '1e1', ' 1', 'x', '9'.repeat(20)]) {
      expect(() => integerOf(raw, 'page', 1, 100, 1), raw)
        .to.throw()
        .with.property('status', 400);
    }
    expect(() => integerOf(null, 'vendor_id', 1, 100)).to.throw('vendor_id');
  });
});
