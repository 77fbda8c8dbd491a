import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { SocketTransport } from '../../../harness/load/socket-transport.ts';
import { exchange, requestFor } from './exchanged.ts';
import { startScripted, type Script } from './scripted.ts';

const ok = (body: string, ...lines: readonly string[]): string =>
  `${['HTTP/1.1 200 OK', `content-length: ${body.length}`, ...lines].join('\r\n')}\r\n\r\n${body}`;
const says = (piece: string, close: Script['close'] = 'keep'): Script => ({ pieces: [piece], close });
const open = (url: string, now = () => performance.now()): SocketTransport =>
  new SocketTransport(url, { connectTimeoutMs: 1_000, now });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('socket transport', () => {
  it('writes a request that any server understands, below the base path', async () => {
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

  it('tells of an exchange in its order', async () => {
    await using server = await startScripted([{ pieces: ['HTTP/1.1 100 Continue\r\n\r\n', ok('ab')], close: 'keep' }]);
    const transport = open(server.url);
    const { told, body } = await exchange(transport);
    transport.close();
    expect(told).to.deep.equal(['sent', 'written', 'first byte', 'first byte']);
    expect(body).to.equal('ab');
  });

  for (const [why, piece] of [
    ['says that it closes', ok('one', 'connection: close')],
    ['ends with its connection', 'HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\none'],
    ['has something behind it', `${ok('one')}${ok('another')}`],
  ] as const) {
    it(`never uses a connection again whose answer ${why}`, async () => {
      await using server = await startScripted([says(piece), says(ok('two'))]);
      const transport = open(server.url);
      expect((await exchange(transport)).body).to.equal('one');
      expect((await exchange(transport)).body).to.equal('two');
      transport.close();
      expect(server.requests.map(({ connection }) => connection)).to.deep.equal([1, 2]);
    });
  }

  it('forgets an idle connection that is closed, or that speaks without being asked', async () => {
    await using server = await startScripted([says(ok('one'))]);
    const transport = open(server.url);
    await exchange(transport);
    for (const socket of server.sockets) socket.end();
    await pause(20);
    expect((await exchange(transport)).outcome).to.equal('answered');
    for (const socket of server.sockets) socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
    await pause(20);
    expect((await exchange(transport)).status).to.equal(200);
    transport.close();
    expect(server.connections).to.equal(3);
  });

  it('counts a request that met a closing connection as closed, and sends it no second time', async () => {
    await using server = await startScripted([says(ok('one')), says('', 'fin'), says(ok('three'))]);
    const transport = open(server.url);
    await exchange(transport);
    expect((await exchange(transport)).outcome).to.equal('closed');
    expect((await exchange(transport)).body).to.equal('three');
    transport.close();
    expect(server.requests).to.have.length(3);
  });

  it('closes an idle connection before the server said it would, and any after half a minute', async () => {
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

  it('opens connections ahead, and takes the one that was free last', async () => {
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

  it('sends over whichever connection is free first, and begins no more than its time allows', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(server.url);
    const all = await Promise.all(Array.from({ length: 400 }, () => exchange(transport)));
    transport.close();
    expect(all.every(({ outcome }) => outcome === 'answered')).to.equal(true);
    expect(server.requests).to.have.length(400);
    expect(server.connections).to.be.lessThan(400);
  });

  it('fails one request for each connection that is refused, and hurries none', async () => {
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
    expect(all.every(({ told }) => told.join() === 'sent')).to.equal(true);
  });

  it('finds a server by name', async () => {
    await using server = await startScripted([says(ok('{}'))]);
    const transport = open(`http://localhost:${server.port}`);
    expect((await exchange(transport)).outcome).to.equal('answered');
    transport.close();
    expect(server.requests[0]?.text).to.include(`host: localhost:${server.port}\r\n`);
  });

  it('says nothing more of what was abandoned, and closes its connection', async () => {
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
