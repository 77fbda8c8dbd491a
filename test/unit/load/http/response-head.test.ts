import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseHead } from '../../../../harness/load/http/response-head.ts';

/** Characters; the client refuses a head of more than 16 KB. */
const LONG = 16_000;
/** Milliseconds. A pattern that takes cubic time needs minutes for one of these heads; one pass needs microseconds. */
const HANG_MS = 2_000;

/** Heads that make a parser try the same characters again and again. */
const HEADS: readonly (readonly [what: string, line: string, valid: boolean])[] = [
  ['blanks and then a control character', `X:${' '.repeat(LONG)}\u0001`, false],
  ['blanks between letters and then a control character', `X: ${' a'.repeat(LONG / 2)}\u0001`, false],
  ['tabs and blanks', `X:${'\t '.repeat(LONG / 2)}`, true],
  ['a long name without a colon', 'x'.repeat(LONG), false],
  ['many colons', ':'.repeat(LONG), false],
  ['a list of empty items', `connection: ${', '.repeat(LONG / 2)}`, true],
  ['a keep-alive of blanks', `keep-alive: timeout${' '.repeat(LONG)}`, true],
  ['a keep-alive that begins again and again', `keep-alive: ${',timeout '.repeat(LONG / 9)}`, true],
  ['a length of digits', `content-length: ${'1'.repeat(LONG)}`, false],
  ['a coding of blanks', `transfer-encoding: ${' ,'.repeat(LONG / 2)}chunked`, true],
];

describe('the head of an answer', () => {
  for (const [what, line, valid] of HEADS) {
    it(`is read in one pass: ${what} (case C21)`, () => {
      const begun = performance.now();
      const head = parseHead(`HTTP/1.1 200 OK\r\n${line}`, false);
      expect(performance.now() - begun, 'milliseconds').to.be.lessThan(HANG_MS);
      expect(head !== undefined).to.equal(valid);
    });
  }

  it('has a status line that is read in one pass too (case C21)', () => {
    const begun = performance.now();
    for (const reason of [' '.repeat(LONG), `${' '.repeat(LONG)}\u0001`, 'x '.repeat(LONG / 2)]) {
      parseHead(`HTTP/1.1 200 ${reason}`, false);
    }
    expect(performance.now() - begun, 'milliseconds').to.be.lessThan(HANG_MS);
  });

  it('closes the connection when any of its headers says so (case C20)', () => {
    const keeps = (...lines: readonly string[]): boolean | undefined =>
      parseHead(['HTTP/1.1 200 OK', 'content-length: 0', ...lines].join('\r\n'), false)?.keepAlive;
    expect(keeps()).to.equal(true);
    expect(keeps('Connection: keep-alive')).to.equal(true);
    for (const lines of [
      ['Connection: close', 'Connection: keep-alive'],
      ['Connection: keep-alive', 'Connection: close'],
      ['Connection: keep-alive, close'],
      ['Connection: close, keep-alive'],
      ['Connection:\tx , Close ,'],
    ]) {
      expect(keeps(...lines), lines.join(' | ')).to.equal(false);
    }
  });
});
