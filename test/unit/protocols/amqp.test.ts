import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import { held } from '../../../harness/control/witness/inside/held.ts';
import amqp from '../../../harness/protocols/amqp.ts';
import { asked, askOnce, startPeer, startSaying } from '../../helpers/doubles/peer.ts';

const HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
/** A frame with Connection.Start: class 10, method 10, version 0-9, and what a client needs for its login. */
const START = Buffer.concat([
  Buffer.from([1, 0, 0, 0, 0, 0, 13, 0, 10, 0, 10, 0, 9]),
  Buffer.from('PLAIN\0\0'),
  Buffer.from([0xce]),
]);

describe('the protocol amqp', function () {
  this.timeout(20_000);

  it('sends its header and takes a whole Connection.Start for an answer, in however many pieces', async () => {
    const heads: Buffer[] = [];
    await using peer = await startPeer((socket) => {
      socket.setNoDelay(true);
      socket.on('data', (chunk) => {
        heads.push(chunk);
        socket.write(START.subarray(0, 9));
        setTimeout(() => socket.write(START.subarray(9)), 20);
      });
    });
    const result = await askOnce(answer, amqp, peer.port);
    expect(result).to.include({ ok: true });
    expect(Buffer.concat(heads).equals(HEADER)).to.equal(true);
  });

  it('takes the header of another version, and every other protocol, for a refusal', async () => {
    for (const other of [Buffer.from('AMQP\x03\x01\0\0', 'latin1'), '-ERR unknown command\r\n']) {
      await using peer = await startSaying(other);
      expect(await askOnce(answer, amqp, peer.port)).to.deep.equal({ ok: false, error: 'refused: not AMQP 0-9-1' });
    }
  });

  it('holds a connection without asking again, because a server answers no second header', async () => {
    let headers = 0;
    await using peer = await startPeer((socket) =>
      socket.on('data', () => {
        headers += 1;
        socket.write(START);
      }),
    );
    const question = asked(amqp, peer.port, { kind: 'held' });
    for (let i = 0; i < 3; i += 1) expect(await held(question, '127.0.0.1')).to.include({ ok: true });
    expect(headers).to.equal(1);
    question.line?.close();
  });
});
