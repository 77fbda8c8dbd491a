import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ERROR_CODES } from '../../../../harness/core/load/load.ts';
import { SocketTransport } from '../../../../harness/load/http/socket-transport.ts';
import { exchange, requestFor } from '../exchanged.ts';
import { startScripted, type Script, type ScriptedServer } from '../scripted.ts';

/** No test waits for this timeout: a connection that opens late on a busy machine must not be given up. Milliseconds. */
const HANG_MS = 60_000;
const ok = (body: string, ...lines: readonly string[]): string =>
  `${['HTTP/1.1 200 OK', `content-length: ${body.length}`, ...lines].join('\r\n')}\r\n\r\n${body}`;
const says = (piece: string, close: Script['close'] = 'keep'): Script => ({ pieces: [piece], close });
const open = (url: string, now = () => performance.now()): SocketTransport =>
  new SocketTransport(url, { connectTimeoutMs: HANG_MS, now });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the transport has closed its end of every connection. The test's timeout ends a wait for good. */
async function untilDropped({ sockets }: ScriptedServer): Promise<void> {
  while (sockets.size > 0) await pause(1);
}

describe('the socket transport', function () {
  // This only guards against a hang.
  this.timeout(20_000);

  it('writes paths, headers and bodies byte for byte, below the base path (case C6)', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(`${server.url}/a/../%7e{b}/`);
    await exchange(transport, requestFor('POST', '//c/./"?d="', '{ "id": 9007199254740993 }\n'));
    transport.close();
    expect(server.requests[0]?.text)
      .to.match(/^POST \/a\/\.\.\/%7e\{b\}\/\/c\/\.\/"\?d=" HTTP\/1\.1\r\n/)
      .and.to.match(/\r\ncontent-length: 27\r\n\r\n\{ "id": 9007199254740993 \}\n$/);
  });

  it('writes a request that any server understands, with a path below the base path', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(`${server.url}/base/`);
    await exchange(transport, requestFor('GET', '/a?b=1'));
    const sent = requestFor('POST', '/c', '{"é":1}');
    await exchange(transport, sent);
    await exchange(transport, requestFor('PUT', '/d'));
    transport.close();
    const [get = '', post = '', put = ''] = server.requests.map(({ text }) => text);
    expect(get).to.match(/^GET \/base\/a\?b=1 HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
    expect(get)
      .to.match(/\r\nx-request-id: k\d+\r\n/)
      .and.to.match(/\r\n\r\n$/);
    expect(get).not.to.match(/content-length|idempotency-key/);
    expect(Buffer.from(post, 'latin1').toString()).to.match(/\r\ncontent-length: 8\r\n\r\n\{"é":1\}$/);
    expect(post).to.include(`idempotency-key: ${sent.key}\r\n`).and.to.include('content-type: application/json\r\n');
    expect(put).to.match(/\r\ncontent-length: 0\r\n\r\n$/);
    expect(server.connections).to.equal(1);
  });

  it('reports the steps of an exchange in their order', async () => {
    await using server = await startScripted([{ pieces: ['HTTP/1.1 100 Continue\r\n\r\n', ok('ab')], close: 'keep' }]);
    const transport = open(server.url);
    const { told, body } = await exchange(transport);
    transport.close();
    expect(told).to.deep.equal(['sent', 'written', 'first byte', 'first byte']);
    expect(body).to.equal('ab');
  });

  for (const [why, piece] of [
    ['announces a close', ok('one', 'connection: close')],
    [
      'announces a close before it says keep-alive (case C20)',
      ok('one', 'connection: close', 'connection: keep-alive'),
    ],
    ['announces a close after it said keep-alive (case C20)', ok('one', 'connection: keep-alive', 'Connection: CLOSE')],
    ['announces both in one header (case C20)', ok('one', 'connection: close, keep-alive')],
    ['has the version HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\none'],
    ['is followed by other bytes', `${ok('one')}${ok('another')}`],
  ] as const) {
    it(`never uses a connection again after an answer that ${why}`, async () => {
      await using server = await startScripted([says(piece), says(ok('two'))]);
      const transport = open(server.url);
      expect((await exchange(transport)).body).to.equal('one');
      expect((await exchange(transport)).body).to.equal('two');
      transport.close();
      expect(server.requests.map(({ connection }) => connection)).to.deep.equal([1, 2]);
    });
  }

  it('drops an idle connection when the server closes it, or writes to it without a request', async () => {
    await using server = await startScripted([says(ok('one'))]);
    const transport = open(server.url);
    await exchange(transport);
    for (const socket of server.sockets) socket.end();
    await untilDropped(server);
    expect((await exchange(transport)).outcome).to.equal('answered');
    for (const socket of server.sockets) socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
    await untilDropped(server);
    expect((await exchange(transport)).status).to.equal(200);
    transport.close();
    expect(server.connections).to.equal(3);
  });

  it('tells a reused connection that closes before the first byte from a new one, and sends nothing again (case C15)', async () => {
    for (const close of ['fin', 'rst'] as const) {
      const bare = close === 'fin' ? 'closed' : 'reset';
      const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
      const half = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf';
      const last: readonly (readonly [piece: string, reused: string, fresh: string])[] = [
        ['', 'reused_closed', bare],
        // A server that sends an interim answer has read the request: it did not close an idle connection.
        [interim, bare, bare],
        [half, 'truncated', 'truncated'],
      ];
      for (const [piece, reused, fresh] of last) {
        await using server = await startScripted([
          says(ok('one')),
          { pieces: piece === '' ? [] : [piece], close },
          { pieces: piece === '' ? [] : [piece], close },
          says(ok('four')),
        ]);
        const transport = open(server.url);
        await exchange(transport);
        expect((await exchange(transport)).outcome, `${close} after "${piece}", reused`).to.equal(reused);
        expect((await exchange(transport)).outcome, `${close} after "${piece}", new`).to.equal(fresh);
        expect((await exchange(transport)).body).to.equal('four');
        transport.close();
        expect(server.requests.map(({ connection }) => connection)).to.deep.equal([1, 1, 2, 3]);
      }
    }
  });

  it('closes an idle connection before the server announced to close it, and any after half a minute', async () => {
    await using server = await startScripted([says(ok('one', 'keep-alive: timeout=5')), says(ok('two'))]);
    let at = 0;
    const transport = open(server.url, () => at);
    await exchange(transport);
    at += 4_001;
    await exchange(transport);
    at += 29_999;
    await exchange(transport);
    at += 30_001;
    await exchange(transport);
    transport.close();
    expect(server.requests.map(({ connection }) => connection)).to.deep.equal([1, 2, 2, 3]);
  });

  it('opens connections ahead of need, and takes the connection that became free last', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(server.url);
    await transport.connect(20);
    const together = await Promise.all(Array.from({ length: 20 }, () => exchange(transport)));
    expect(together.every(({ outcome }) => outcome === 'answered')).to.equal(true);
    await exchange(transport);
    await exchange(transport);
    transport.close();
    expect(server.connections).to.equal(20);
    const [last, before] = server.requests.toReversed();
    expect(last?.connection).to.equal(before?.connection);
  });

  it('sends over the connection that is free first, and limits how many connections it opens in a burst', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(server.url);
    const all = await Promise.all(Array.from({ length: 400 }, () => exchange(transport)));
    transport.close();
    expect(all.every(({ outcome }) => outcome === 'answered')).to.equal(true);
    expect(server.requests).to.have.length(400);
    expect(server.connections).to.be.lessThan(400);
  });

  it('fails one request for each refused connection, and reports the request as never written', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const transport = open(`http://127.0.0.1:${port}`);
    await transport.connect(3);
    const all = await Promise.all(Array.from({ length: 30 }, () => exchange(transport)));
    transport.close();
    expect(all.map(({ outcome }) => outcome)).to.deep.equal(Array(30).fill('refused'));
    expect(new Set(all.map(({ status }) => ERROR_CODES[status - 1])), 'the error code').to.deep.equal(
      new Set(['ECONNREFUSED']),
    );
    expect(all.every(({ told }) => told.join() === 'sent')).to.equal(true);
  });

  it('names the error of a request: no such host, an answer that is no HTTP (case C7)', async () => {
    const lost = open('http://does-not-exist.invalid:1');
    const { outcome, status } = await exchange(lost);
    lost.close();
    // A machine without a name server gets another code for the same name.
    expect([outcome, ERROR_CODES[status - 1]]).to.deep.be.oneOf([
      ['other', 'ENOTFOUND'],
      ['other', 'EAI_AGAIN'],
    ]);
    await using server = await startScripted([says('SSH-2.0-x\r\n')]);
    const transport = open(server.url);
    const ended = await exchange(transport);
    transport.close();
    expect([ended.outcome, ERROR_CODES[ended.status - 1]]).to.deep.equal(['other', 'NOT_HTTP']);
  });

  it('finds a server by its host name', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(`http://localhost:${server.port}`);
    expect((await exchange(transport)).outcome).to.equal('answered');
    transport.close();
    expect(server.requests[0]?.text).to.include(`host: localhost:${server.port}\r\n`);
  });

  it('reports nothing more about an abandoned request, and closes its connection', async () => {
    await using server = await startScripted([
      says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      says(ok('two')),
    ]);
    const transport = open(server.url);
    const told: string[] = [];
    const pending = transport.send(requestFor(), {
      onSent: () => told.push('sent'),
      onWritten: () => told.push('written'),
      onFirstByte: () => told.push('first byte'),
      onAnswer: () => told.push('answer'),
      onFailure: () => told.push('failure'),
    });
    while (!told.includes('first byte')) await pause(1);
    pending.abandon();
    pending.abandon();
    expect((await exchange(transport)).body).to.equal('two');
    transport.close();
    expect(told).to.deep.equal(['sent', 'written', 'first byte']);
    expect(server.requests.map(({ connection }) => connection)).to.deep.equal([1, 2]);
  });
});
