import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { echo } from '../../../harness/control/witness/inside/echo.ts';
import { held } from '../../../harness/control/witness/inside/held.ts';
import tcp from '../../../harness/protocols/tcp.ts';
import { asked, askOnce, startPeer } from '../../helpers/doubles/peer.ts';

describe('the protocol tcp', () => {
  it('is answered by a connection, sends nothing, and has no echo', async () => {
    let bytes = 0;
    await using peer = await startPeer((socket) => socket.on('data', (chunk) => (bytes += chunk.length)));
    expect(await askOnce(answer, tcp, peer.port)).to.deep.equal({ ok: true });
    expect(await askOnce(echo, tcp, peer.port)).to.deep.equal({ ok: false, error: 'no echo in this protocol' });
    const question = asked(tcp, peer.port, { kind: 'held' });
    expect(await held(question, '127.0.0.1')).to.deep.equal({ ok: true, age: 0 });
    for (const socket of peer.sockets) socket.end();
    while (question.line?.ended === undefined) await new Promise(setImmediate);
    expect(await held(question, '127.0.0.1')).to.include({ ok: false, error: 'closed' });
    expect(bytes).to.equal(0);
  });
});
