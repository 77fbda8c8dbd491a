import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { held } from '../../../harness/control/witness/inside/held.ts';
import memcached from '../../../harness/protocols/memcached.ts';
import { asked, askOnce, startPeer, startSaying } from '../../helpers/doubles/peer.ts';

const said = async (text: string) => {
  await using peer = await startSaying(text);
  return await askOnce(answer, memcached, peer.port);
};

describe('the protocol memcached', function () {
  this.timeout(20_000);

  it('asks for the version, and takes it for an answer in however many pieces', async () => {
    const heard: Buffer[] = [];
    await using peer = await startPeer((socket) => {
      socket.setNoDelay(true);
      socket.on('data', (chunk) => {
        heard.push(chunk);
        socket.write('VERS');
        setTimeout(() => socket.write('ION 1.6.18\r\n'), 20);
      });
    });
    expect(await askOnce(answer, memcached, peer.port)).to.include({ ok: true });
    expect(Buffer.concat(heard).toString()).to.equal('version\r\n');
  });

  it('waits for the end of an answer that came in part', async () => {
    expect(await said('VERSION 1.6')).to.deep.equal({ ok: false, error: 'answer-timeout' });
  });

  it('takes every error for an answer that comes from a server which serves others', async () => {
    for (const text of ['CLIENT_ERROR unauthenticated\r\n', 'ERROR\r\n'])
      expect(await said(text), text).to.include({ ok: true });
  });

  it('reports a server that has no room for a client, and one that is not memcached', async () => {
    const full = await said('ERROR Too many open connections\r\n');
    expect(full).to.deep.equal({ ok: false, error: 'refused: too many clients' });
    for (const other of ['-ERR unknown command\r\n', 'HTTP/1.1 400 Bad Request\r\n\r\n'])
      expect(await said(other), other).to.deep.equal({ ok: false, error: 'refused: not memcached' });
  });

  it('holds one connection and asks on it again', async () => {
    let connections = 0;
    let questions = 0;
    await using peer = await startPeer((socket) => {
      connections += 1;
      socket.on('data', () => {
        questions += 1;
        socket.write('VERSION 1.6.18\r\n');
      });
    });
    const question = asked(memcached, peer.port, { kind: 'held' });
    for (let i = 0; i < 3; i += 1) expect(await held(question, '127.0.0.1')).to.include({ ok: true });
    expect({ connections, questions }).to.deep.equal({ connections: 1, questions: 3 });
    question.line?.close();
  });
});
