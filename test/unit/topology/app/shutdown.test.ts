import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { drain } from '../../../../topology/app/shutdown.ts';
import { ManualTime } from './manual-time.ts';

/** Drains a server that listens, and says at which times (milliseconds) it still takes new connections. */
async function listening(balanced: boolean, at: readonly number[]): Promise<boolean[]> {
  const time = new ManualTime();
  const server = createServer((_request, response) => response.end('here'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const log = (): undefined => undefined;
  const done = drain({ balanced, server, close: () => [], log, time });
  const takes: boolean[] = [];
  for (const ms of at) {
    await time.pass(ms - time.now());
    takes.push(
      await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then(
        () => true,
        () => false,
      ),
    );
  }
  await time.pass(10_000);
  await done;
  return takes;
}

describe('the end of the service', () => {
  it('takes new connections until the balancer has noticed', async () => {
    expect(await listening(true, [0, 1499, 1501])).to.deep.equal([true, true, false]);
  });

  it('takes no new connections where no balancer sends any', async () => {
    expect(await listening(false, [1])).to.deep.equal([false]);
  });
});
