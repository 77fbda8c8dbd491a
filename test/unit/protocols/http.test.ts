import { expect } from 'chai';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { close } from '../../../harness/control/witness/inside/close.ts';
import { echo } from '../../../harness/control/witness/inside/echo.ts';
import { held } from '../../../harness/control/witness/inside/held.ts';
import http from '../../../harness/protocols/http.ts';
import { asked as heldBy, askOnce, startPeer, startSaying } from '../../helpers/doubles/peer.ts';

describe('the protocol http', () => {
  it('is answered by any status, gives the body of a path, an echo and a close, and holds a connection', async () => {
    let connections = 0;
    const server = createServer((request, response) => {
      response.statusCode = 503;
      response.end(`you asked for ${request.url}`);
    }).on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await askOnce(answer, http, port)).to.include({ ok: true });
    expect(await askOnce(answer, http, port, { path: '/role' })).to.include({ ok: true, body: 'you asked for /role' });
    expect(await askOnce(echo, http, port, { bytes: 2_000 })).to.include({ ok: true, reads: 1 });
    expect(await askOnce(close, http, port)).to.include({ ok: true });
    const before = connections;
    const question = heldBy(http, port, { kind: 'held' });
    for (let i = 0; i < 3; i += 1) expect(await held(question, '127.0.0.1')).to.include({ ok: true });
    expect(connections).to.equal(before + 1);
    question.line?.close();
    server.close();
  });

  it('asks again on a held connection only when the answer before has come to its end', async () => {
    let rest: (() => void) | undefined;
    let asked = 0;
    await using peer = await startPeer((socket) =>
      socket.on('data', () => {
        asked += 1;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfour');
        rest = () => void socket.write('four');
      }),
    );
    const question = heldBy(http, peer.port, { kind: 'held' });
    expect(await held(question, '127.0.0.1')).to.include({ ok: true });
    const second = held(question, '127.0.0.1');
    await delay(50);
    expect(asked).to.equal(1);
    rest?.();
    expect(await second).to.include({ ok: true });
    expect(asked).to.equal(2);
    question.line?.close();
  });

  it('knows the end of an answer by its length, by its last chunk, and by its head alone', () => {
    const ends = (text: string): boolean | undefined => http.again?.(Buffer.from(text));
    expect(ends('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n')).to.equal(false);
    expect(ends('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na')).to.equal(false);
    expect(ends('HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nab')).to.equal(true);
    expect(ends('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n')).to.equal(false);
    expect(ends('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n')).to.equal(true);
    expect(ends('HTTP/1.1 204 No Content\r\n\r\n')).to.equal(true);
  });

  it('is not answered by another protocol', async () => {
    await using peer = await startSaying('+PONG\r\n');
    expect(await askOnce(answer, http, peer.port)).to.deep.equal({ ok: false, error: 'refused: not HTTP' });
  });
});
