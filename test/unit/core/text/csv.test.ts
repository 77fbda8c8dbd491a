import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { csvLine } from '../../../../harness/core/text/csv.ts';

/** Reads records of CSV as RFC 4180 describes them. An empty field without quotes is undefined. */
function parsed(text: string): (string | undefined)[][] {
  const records: (string | undefined)[][] = [];
  let record: (string | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    let field: string | undefined;
    if (text[at] === '"') {
      field = '';
      for (at += 1; !(text[at] === '"' && text[at + 1] !== '"'); at += 1) {
        if (text[at] === '"') at += 1;
        field += text[at] ?? '';
      }
      at += 1;
    } else {
      const end = text.slice(at).search(/[,\r]/) + at;
      field = end === at ? undefined : text.slice(at, end);
      at = end;
    }
    record.push(field);
    if (text[at] === ',') {
      at += 1;
    } else {
      expect(text.slice(at, at + 2)).to.equal('\r\n');
      records.push(record);
      record = [];
      at += 2;
    }
  }
  return records;
}

describe('a record of CSV', () => {
  it('has quotes where RFC 4180 asks for them, and only there', () => {
    expect(csvLine(['a', 'b c', 'd,e', 'f"g', 'h\ni', 1.5, true])).to.equal('a,b c,"d,e","f""g","h\ni",1.5,true\r\n');
  });

  it('tells nothing from an empty text', () => {
    expect(csvLine([null, '', NaN, 0, null])).to.equal(',"",,0,\r\n');
  });

  it('makes control characters visible', () => {
    expect(csvLine(['\u001b[2J', 'a\rb'])).to.equal('␛[2J,a␍b\r\n');
  });

  it('is read back as it was, whatever its fields hold', () => {
    const random = seededRandom(7);
    const pieces = ['"', ',', '\n', '\r\n', 'é', ' ', 'x', "'", ';', '='];
    const field = (): string =>
      Array.from({ length: Math.floor(random() * 6) }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    const records = Array.from({ length: 300 }, () => Array.from({ length: 5 }, field));
    expect(parsed(records.map((record) => csvLine(record)).join(''))).to.deep.equal(records);
  });
});
