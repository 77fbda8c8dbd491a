import { request } from 'node:http';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Method } from '../../../../harness/core/load/load.ts';
import { ResponseParser } from '../../../../harness/load/http/response-parser.ts';
import { SocketTransport } from '../../../../harness/load/http/socket-transport.ts';
import { exchange, requestFor } from '../exchanged.ts';
import { startScripted, type Script } from '../scripted.ts';

type Class = 'answered' | 'broken' | 'malformed';

interface Seen {
  readonly class: Class;
  readonly status: number;
  readonly body: string;
}

interface Case {
  readonly name: string;
  readonly answer: string;
  readonly close?: Script['close'];
  readonly method?: Method;
  /** The expected result: status and body of a whole answer, or how the exchange fails. */
  readonly is: readonly [status: number, body: string] | 'closed' | 'reset' | 'truncated' | 'other';
  /** Given when Node's own client sees the answer differently: how it does, and why. */
  readonly node?: { readonly class: Class; readonly because: string };
}

const head = (...lines: readonly string[]): string => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const big = 'x'.repeat(200_000);
const long = 'y'.repeat(20_000);

const CASES: readonly Case[] = [
  { name: 'content-length', answer: `${head('Content-Length: 5')}hello`, is: [200, 'hello'] },
  { name: 'content-length 0', answer: head('content-length: 0'), is: [200, ''] },
  { name: 'a body of 200 kB', answer: `${head('content-length: 200000')}${big}`, is: [200, big] },
  { name: 'UTF-8', answer: `${head('content-length: 2')}\u00c3\u00a9`, is: [200, 'é'] },
  { name: 'blanks around a value', answer: `${head('Content-Length:  \t5 \t')}hello`, is: [200, 'hello'] },
  { name: 'blanks within a value', answer: head('x: \t a \t b \t', 'content-length: 1 \t') + 'x', is: [200, 'x'] },
  { name: 'a value of blanks', answer: `${head('x: \t ', 'content-length: 1')}x`, is: [200, 'x'] },
  { name: 'no reason phrase', answer: 'HTTP/1.1 204 \r\n\r\n', is: [204, ''] },
  { name: 'no blank after the status', answer: 'HTTP/1.1 204\r\n\r\n', is: [204, ''] },
  { name: 'a status that no standard has', answer: `HTTP/1.1 799 Odd\r\ncontent-length: 1\r\n\r\nx`, is: [799, 'x'] },
  {
    name: 'chunks',
    answer: `${head('Transfer-Encoding: chunked')}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`,
    is: [200, 'hello world'],
  },
  {
    name: 'chunk sizes in either case',
    answer: `${head('transfer-encoding: CHUNKED')}A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n`,
    is: [200, '01234567890123456789'],
  },
  {
    name: 'chunk extensions',
    answer: `${head('transfer-encoding: chunked')}5;name=value;q="a b"\r\nhello\r\n0;last\r\n\r\n`,
    is: [200, 'hello'],
  },
  {
    name: 'trailers',
    answer: `${head('transfer-encoding: chunked')}2\r\nab\r\n0\r\nExpires: never\r\nX-Sum: 1\r\n\r\n`,
    is: [200, 'ab'],
  },
  {
    name: 'a line break at a chunk',
    answer: `${head('transfer-encoding: chunked')}4\r\n\r\n\r\n\r\n0\r\n\r\n`,
    is: [200, '\r\n\r\n'],
  },
  { name: 'gzip, chunked', answer: `${head('transfer-encoding: gzip, chunked')}1\r\nz\r\n0\r\n\r\n`, is: [200, 'z'] },
  {
    name: '100 before the answer',
    answer: `HTTP/1.1 100 Continue\r\n\r\n${head('content-length: 2')}ok`,
    is: [200, 'ok'],
  },
  {
    name: '102 and 103 before the answer',
    answer: `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${head('content-length: 2')}ok`,
    is: [200, 'ok'],
  },
  { name: '204', answer: 'HTTP/1.1 204 No Content\r\n\r\n', is: [204, ''] },
  { name: '304 with a length', answer: 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n', is: [304, ''] },
  { name: 'HEAD with a length', method: 'HEAD', answer: head('content-length: 5'), is: [200, ''] },
  { name: 'HEAD with chunks announced', method: 'HEAD', answer: head('transfer-encoding: chunked'), is: [200, ''] },
  { name: 'POST', method: 'POST', answer: 'HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}', is: [201, '{}'] },
  { name: 'a body until close', answer: `${head()}all of it`, close: 'fin', is: [200, 'all of it'] },
  { name: 'an empty body until close', answer: head('connection: close'), close: 'fin', is: [200, ''] },
  { name: 'a body until close, HTTP/1.0', answer: 'HTTP/1.0 200 OK\r\n\r\nold', close: 'fin', is: [200, 'old'] },
  {
    name: 'a body until close, with another coding',
    answer: `${head('transfer-encoding: gzip')}zz`,
    close: 'fin',
    is: [200, 'zz'],
  },
  {
    name: 'an error with a body',
    answer: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy',
    is: [503, 'busy'],
  },
  {
    name: 'close after a length',
    answer: `${head('connection: close', 'content-length: 2')}ok`,
    close: 'fin',
    is: [200, 'ok'],
  },
  {
    name: 'garbage behind the answer',
    answer: `${head('content-length: 2')}okHTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n`,
    is: [200, 'ok'],
  },
  { name: 'nothing, then FIN', answer: '', close: 'fin', is: 'closed' },
  { name: 'nothing, then RST', answer: '', close: 'rst', is: 'reset' },
  { name: 'interim only, then FIN', answer: 'HTTP/1.1 100 Continue\r\n\r\n', close: 'fin', is: 'closed' },
  { name: 'half a head, then FIN', answer: 'HTTP/1.1 200 OK\r\ncontent-le', close: 'fin', is: 'truncated' },
  { name: 'a short body, then FIN', answer: `${head('content-length: 5')}hel`, close: 'fin', is: 'truncated' },
  { name: 'a short body, then RST', answer: `${head('content-length: 5')}hel`, close: 'rst', is: 'truncated' },
  { name: 'a body until close, but then RST', answer: `${head()}half`, close: 'rst', is: 'truncated' },
  {
    name: 'chunks without the last, then FIN',
    answer: `${head('transfer-encoding: chunked')}5\r\nhello\r\n`,
    close: 'fin',
    is: 'truncated',
  },
  {
    name: 'the last chunk without its end, then FIN',
    answer: `${head('transfer-encoding: chunked')}0\r\n`,
    close: 'fin',
    is: 'truncated',
  },
  { name: 'not HTTP', answer: 'SSH-2.0-OpenSSH_9.2\r\n', is: 'other' },
  {
    name: 'HTTP/2.0',
    answer: 'HTTP/2.0 200 OK\r\n\r\n',
    close: 'fin',
    is: 'other',
    node: { class: 'answered', because: 'Node takes any version; nobody asked for this one' },
  },
  { name: 'a status of two digits', answer: 'HTTP/1.1 20 OK\r\n\r\n', is: 'other' },
  { name: 'a status of letters', answer: 'HTTP/1.1 abc OK\r\n\r\n', is: 'other' },
  { name: 'a header without a colon', answer: head('nonsense'), is: 'other' },
  { name: 'a header without a name', answer: head(': value'), is: 'other' },
  { name: 'a blank in a name', answer: head('content length: 5'), is: 'other' },
  { name: 'a NUL in a value', answer: head('x: a\0b'), is: 'other' },
  { name: 'line feeds without carriage returns', answer: 'HTTP/1.1 200 OK\ncontent-length: 0\n\n', is: 'other' },
  { name: 'a length that is no number', answer: head('content-length: 5x'), is: 'other' },
  { name: 'a negative length', answer: head('content-length: -1'), is: 'other' },
  { name: 'two lengths', answer: head('content-length: 1', 'content-length: 1'), is: 'other' },
  {
    name: 'a length and chunks',
    answer: `${head('content-length: 5', 'transfer-encoding: chunked')}0\r\n\r\n`,
    is: 'other',
  },
  { name: 'a chunk size that is no number', answer: `${head('transfer-encoding: chunked')}xyz\r\n`, is: 'other' },
  {
    name: 'a chunk longer than its size',
    answer: `${head('transfer-encoding: chunked')}2\r\nabc\r\n0\r\n\r\n`,
    is: 'other',
  },
  { name: 'headers of 20 kB', answer: head(`x: ${long}`), is: 'other' },
  { name: 'headers of 20 kB without an end', answer: `HTTP/1.1 200 OK\r\nx: ${long}`, is: 'other' },
  { name: 'trailers of 20 kB', answer: `${head('transfer-encoding: chunked')}0\r\nx: ${long}\r\n\r\n`, is: 'other' },
  {
    name: 'a switch to another protocol',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    is: 'other',
    node: { class: 'broken', because: 'Node destroys the connection and says nothing' },
  },
];

const CLASS: Readonly<Record<string, Class>> = {
  answered: 'answered',
  closed: 'broken',
  reset: 'broken',
  truncated: 'broken',
  other: 'malformed',
};

/** How Node's own client reads the same bytes. */
function throughNode(port: number, method: Method): Promise<Seen> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException, status = 0): void =>
      resolve({ class: error.code?.startsWith('HPE_') === true ? 'malformed' : 'broken', status, body: '' });
    const sent = request({ host: '127.0.0.1', port, path: '/thing', method, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error) => failed(error, response.statusCode));
      response.on('end', () =>
        resolve({ class: 'answered', status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
      );
    });
    // An error after the whole answer belongs to the bytes behind it. The promise has resolved by then.
    sent.on('error', (error) => failed(error));
    sent.on('close', () => failed(new Error('closed')));
    sent.end();
  });
}

describe('the HTTP client', () => {
  for (const { name, answer, close = 'keep', method = 'GET', is, node } of CASES) {
    it(`reads an answer as Node does, unless the table says otherwise: ${name}`, async () => {
      await using server = await startScripted([{ pieces: [answer], close }]);
      const transport = new SocketTransport(server.url, { connectTimeoutMs: 60_000, now: () => performance.now() });
      const { outcome, status, body } = await exchange(transport, requestFor(method));
      transport.close();
      const [expected, ...answered] = typeof is === 'string' ? [is] : ['answered', ...is];
      expect(outcome).to.equal(expected);
      if (outcome === 'answered') expect([status, body]).to.deep.equal(answered);

      const seen = await throughNode(server.port, method);
      expect(seen.class, node?.because ?? "Node's view").to.equal(node?.class ?? CLASS[outcome]);
      if (outcome === 'answered') expect([seen.status, seen.body]).to.deep.equal([status, body]);
    });
  }

  it('reads the same answer, however its bytes are cut', () => {
    for (const { name, answer, close, method, is } of CASES) {
      if (answer.length > 2_000) continue;
      const bytes = Buffer.from(answer, 'latin1');
      const read = (pieces: readonly Buffer[]): unknown => {
        const parser = new ResponseParser();
        parser.begin(method === 'HEAD', true);
        const inbox = Buffer.allocUnsafeSlow(bytes.length + 1);
        let progress = 'more';
        for (const piece of pieces) {
          if (progress !== 'more') break;
          // As on a socket, each read overwrites the read before it.
          piece.copy(inbox);
          progress = parser.push(inbox.subarray(0, piece.length));
        }
        if (progress === 'more' && close !== undefined)
          progress = close === 'fin' ? parser.end() : parser.begun ? 'truncated' : 'reset';
        return progress === 'done'
          ? [parser.head.status, parser.body()]
          : progress === 'malformed'
            ? 'other'
            : progress;
      };
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        expect(read([bytes.subarray(0, cut), bytes.subarray(cut)]), `${name}, cut at ${cut}`).to.deep.equal(is);
      }
      expect(read(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))), `${name}, by bytes`).to.deep.equal(is);
    }
  });
});
