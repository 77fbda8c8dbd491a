import { expect } from 'chai';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { patiently } from '../../../harness/control/witness/inside/converse.ts';
import { held, part } from '../../../harness/control/witness/inside/held.ts';
import type { Result } from '../../../harness/control/witness/inside/asked.ts';
import mysql from '../../../harness/protocols/mysql.ts';
import { asked, askOnce, startPeer } from '../../helpers/doubles/peer.ts';

const packet = (number: number, payload: Buffer): Buffer => {
  return Buffer.concat([Buffer.from([payload.length, 0, 0, number]), payload]);
};
const error = (number: number, code: number): Buffer =>
  packet(number, Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from('#28000no')]));
const HELLO = packet(0, Buffer.from('\x0a10.11.6-MariaDB\0and what a client needs for its login'));
const DENIED = 1045;

interface Options {
  /** Milliseconds before each hello. */
  readonly helloMs?: number;
  /** Connections that may break before the server refuses the host. */
  readonly mostBreaks?: number;
  /** Ask for another kind of password first, as MySQL 8 does. */
  readonly switches?: boolean;
}

/** A server that counts the connections which end before their login, as MariaDB does, and then refuses the host. */
async function startServer({ helloMs = 0, mostBreaks = Infinity, switches = false }: Options = {}) {
  const seen = { connections: 0, breaks: 0, logins: [] as string[] };
  const serve = (socket: Socket): void => {
    seen.connections += 1;
    if (seen.breaks >= mostBreaks) return void socket.end(error(0, 1129));
    let isOver = false;
    socket.on('data', (login) => {
      if (switches && login[3] === 1)
        return void socket.write(packet(2, Buffer.from('\xfecaching_sha2_password\0', 'latin1')));
      isOver = true;
      seen.logins.push(login.toString('latin1'));
      socket.end(error((login[3] ?? 0) + 1, DENIED));
    });
    socket.on('close', () => (seen.breaks += isOver ? 0 : 1));
    setTimeout(() => socket.write(HELLO), helloMs);
  };
  return { seen, peer: await startPeer(serve) };
}

describe('the protocol mysql', function () {
  this.timeout(20_000);

  it('takes a refused login for an answer, and breaks no connection', async () => {
    const { seen, peer } = await startServer();
    await using _ = peer;
    for (let i = 0; i < 20; i += 1) {
      const result = await askOnce(answer, mysql, peer.port);
      expect(result).to.include({ ok: true });
      expect(result.rtt).to.be.a('number');
    }
    expect(seen).to.include({ connections: 20, breaks: 0 });
    expect(seen.logins[0]?.endsWith(`chaos-witness\0\x14${'x'.repeat(20)}mysql_native_password\0`)).to.equal(true);
  });

  it('answers the question for another kind of password with an empty one', async () => {
    const { seen, peer } = await startServer({ switches: true });
    await using _ = peer;
    expect(await askOnce(answer, mysql, peer.port)).to.include({ ok: true });
    expect(seen).to.deep.equal({ connections: 1, breaks: 0, logins: ['\x01\0\0\x03\0'] });
  });

  it('reports a server that refuses the host', async () => {
    const { peer } = await startServer({ mostBreaks: 0 });
    await using _ = peer;
    expect(await askOnce(answer, mysql, peer.port)).to.deep.equal({ ok: false, error: 'refused: error 1129' });
  });

  it('waits for a slow server on one connection, and does not break it', async () => {
    const { seen, peer } = await startServer({ helloMs: 2_400 });
    await using _ = peer;
    const question = asked(mysql, peer.port);
    const results: Result[] = [];
    while (results.at(-1)?.ok !== true) {
      results.push(await patiently(question, () => answer(question, '127.0.0.1')));
    }
    expect(results[0]).to.include({ ok: false, error: 'answer-timeout' });
    expect(seen).to.include({ connections: 1, breaks: 0 });
  });

  it('holds a connection before its login, and brings it to its end when it gives it up', async () => {
    const { seen, peer } = await startServer();
    await using _ = peer;
    const question = asked(mysql, peer.port, { kind: 'held' });
    expect(await held(question, '127.0.0.1')).to.include({ ok: true, age: 0 });
    expect((await held(question, '127.0.0.1')).age).to.be.greaterThan(0);
    expect(seen).to.include({ connections: 1 });
    expect(seen.logins).to.deep.equal([]);
    await part(question, question.line!);
    while (peer.sockets.size > 0) await delay(1);
    expect(seen).to.include({ breaks: 0 });
    expect(seen.logins).to.have.length(1);
  });
});
