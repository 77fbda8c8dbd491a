import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ResponseParser } from '../../../../harness/load/http/response-parser.ts';

const answer = (length: string, body: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`, 'latin1');

describe('a parser that remembers the last head', () => {
  const read = (parser: ResponseParser, bytes: Buffer, isHead = false): string => {
    parser.begin(isHead, true);
    return `${parser.push(bytes)} ${parser.head.status} ${parser.body()}`;
  };

  it('reads the same head again, and a different head of the same length', () => {
    const parser = new ResponseParser();
    expect(read(parser, answer('5', 'hello'))).to.equal('done 200 hello');
    expect(read(parser, answer('5', 'world'))).to.equal('done 200 world');
    expect(read(parser, answer('3', 'new'))).to.equal('done 200 new');
    expect(read(parser, answer('5', 'again'))).to.equal('done 200 again');
  });

  it('says whether the answer has a Retry-After header, whatever its value and however its name is written', () => {
    const parser = new ResponseParser();
    const head = (field: string): boolean => {
      read(parser, Buffer.from(`HTTP/1.1 503 X\r\ncontent-length: 0\r\n${field}\r\n\r\n`, 'latin1'));
      return parser.head.retryAfter;
    };
    expect(head('Retry-After: 1')).to.equal(true);
    expect(head('retry-after: Sun, 29 Nov 2026 12:00:00 GMT')).to.equal(true);
    expect(head('retry-afters: 1')).to.equal(false);
  });

  it('reads a repeated head, in whatever pieces it arrives', () => {
    const parser = new ResponseParser();
    const bytes = answer('5', 'hello');
    expect(read(parser, bytes)).to.equal('done 200 hello');
    for (let at = 1; at < bytes.length; at += 1) {
      parser.begin(false, true);
      expect(parser.push(Buffer.from(bytes.subarray(0, at)))).to.equal('more');
      expect(parser.push(Buffer.from(bytes.subarray(at)))).to.equal('done');
      expect(parser.body()).to.equal('hello');
    }
  });

  it('expects no body after the same head when the request was a HEAD', () => {
    const parser = new ResponseParser();
    expect(read(parser, answer('5', 'hello'))).to.equal('done 200 hello');
    expect(read(parser, answer('5', ''), true)).to.equal('done 200 ');
    expect(read(parser, answer('5', 'hello'))).to.equal('done 200 hello');
  });
});
