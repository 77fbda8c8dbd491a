import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answer } from '../../../harness/control/witness/inside/answer.ts';
import redis from '../../../harness/protocols/redis.ts';
import { askOnce, startSaying } from '../../helpers/doubles/peer.ts';

const said = async (text: string) => {
  await using peer = await startSaying(text);
  return await askOnce(answer, redis, peer.port);
};

describe('the protocol redis', () => {
  it('takes PONG for an answer, and every error that comes from a server which serves others', async () => {
    for (const text of ['+PONG\r\n', '-NOAUTH Authentication required.\r\n', '-MISCONF Redis cannot save\r\n'])
      expect(await said(text), text).to.include({ ok: true });
  });

  it('reports a server that has no room for a client, or still loads its data', async () => {
    const full = await said('-ERR max number of clients reached\r\n');
    expect(full).to.deep.equal({ ok: false, error: 'refused: too many clients' });
    const loading = await said('-LOADING Redis is loading the dataset in memory\r\n');
    expect(loading).to.deep.equal({ ok: false, error: 'refused: still loads its data' });
  });
});
