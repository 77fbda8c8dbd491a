import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { ChaosError } from '../../../../harness/core/errors.ts';
import { readHistory } from '../../../../harness/modes/capacity/history.ts';

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'chaos-history-')), 'peaks.csv');
  writeFileSync(path, text);
  return path;
};

describe('a history of demand', () => {
  it('is read with or without a head, with quotes, further columns and the line ends of Windows', () => {
    const expected = [
      { t: Date.UTC(2026, 5, 6), value: 278 },
      { t: Date.UTC(2026, 5, 13, 20), value: 301.5 },
    ];
    for (const text of [
      '2026-06-06,278\n2026-06-13T20:00:00Z,301.5\n',
      'date,peak\n2026-06-06,278\n2026-06-13T20:00:00Z,301.5',
      '"week","peak","note"\r\n"2026-06-06","278","hot"\r\n\r\n2026-06-13T20:00:00Z, 301.5 ,\r\n',
    ])
      expect(readHistory(file(text), 'peaks.csv')).to.deep.equal(expected);
  });

  const wrong: readonly (readonly [text: string, message: RegExp, line: number])[] = [
    ['2026-06-06,278\n06/13/2026,301\n', /"06\/13\/2026" is no date/, 2],
    ['date,peak\n2026-06-06,many\n', /"many" is no number/, 2],
    ['2026-06-06\n', /"" is no number/, 1],
    ['2026-06-06,1\n\n2026-06-06,2\n', /2026-06-06 is there twice/, 3],
    ['2026-13-45,1\n', /"2026-13-45" is no date/, 1],
  ];
  for (const [text, message, line] of wrong)
    it(`names the line of a mistake: ${message.source}`, () => {
      expect(() => readHistory(file(text), 'peaks.csv'))
        .to.throw(message)
        .that.satisfies((error: ChaosError) => error.code === 'CHAOS_HISTORY' && error.line === line);
    });

  it('refuses a file that is not there', () => {
    expect(() => readHistory('/nowhere/peaks.csv', 'peaks.csv')).to.throw(/peaks\.csv cannot be read/);
  });
});
