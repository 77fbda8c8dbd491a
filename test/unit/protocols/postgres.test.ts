import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { echo } from '../../../harness/control/witness/inside/echo.ts';
import postgres from '../../../harness/protocols/postgres.ts';
import { askOnce, startPeer, startSaying } from '../../helpers/doubles/peer.ts';

describe('the protocol postgres', () => {
  it('takes a yes and a no to TLS for an answer, and an error for a refusal', async () => {
    for (const byte of ['S', 'N']) {
      await using peer = await startSaying(byte);
      expect(await askOnce(answer, postgres, peer.port)).to.include({ ok: true });
    }
    await using peer = await startSaying('Ecould not fork');
    expect(await askOnce(answer, postgres, peer.port)).to.deep.equal({ ok: false, error: 'refused: out of processes' });
  });

  it('sends a start with one long option, whose length is right, and waits for the whole answer', async () => {
    await using peer = await startPeer((socket) => {
      let got = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        got = Buffer.concat([got, chunk]);
        if (got.length < got.readInt32BE(0)) return;
        const body = got.subarray(8);
        const head = Buffer.from('v\0\0\0\0');
        head.writeInt32BE(body.length + 4, 1);
        socket.write(Buffer.concat([head, body]));
      });
    });
    const result = await askOnce(echo, postgres, peer.port, { bytes: 3_000 });
    expect(result).to.include({ ok: true });
    expect(result.sent).to.be.within(3_000, 3_100);
    expect(result.received).to.equal((result.sent ?? 0) - 3);
  });
});
