import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Scrapes } from '../../../../topology/app/scrapes.ts';
import { drain } from '../../../../topology/app/shutdown.ts';
import { ManualTime } from './manual-time.ts';

interface Kept {
  readonly busyUntil?: number;
  /** When the figures are read, milliseconds. */
  readonly reads?: readonly number[];
  readonly reader?: string;
}

/** Drains a server that listens, and says at which times (milliseconds) it still takes new connections. */
async function listening(
  balanced: boolean,
  at: readonly number[],
  { busyUntil = 0, reads = [], reader = 'Prometheus/2.42.0' }: Kept = {},
): Promise<boolean[]> {
  const time = new ManualTime();
  const plain = createServer((_request, response) => response.end('here'));
  const server = Object.assign(plain, { inFlight: () => (time.now() < busyUntil ? 1 : 0) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const log = (): undefined => undefined;
  const scrapes = new Scrapes(time);
  for (const ms of reads) time.after(ms, () => scrapes.read(reader));
  await time.pass(0);
  const done = drain({ balanced, server, scrapes, close: () => [], log, time });
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
  await time.pass(20_000);
  await done;
  return takes;
}

describe('the end of the service', () => {
  it('takes new connections until the balancer has noticed', async () => {
    expect(await listening(true, [0, 1499, 1501])).to.deep.equal([true, true, false]);
  });

  it('takes new connections until the last request under way is answered, for three seconds at most', async () => {
    expect(await listening(true, [1501, 2999, 3051], { busyUntil: 3000 })).to.deep.equal([true, true, false]);
    expect(await listening(true, [4499, 4551], { busyUntil: 10_000 })).to.deep.equal([true, false]);
  });

  it('waits until the figures were read after the last answer, so that no answer is missing in them', async () => {
    const reads = [0, 1400, 5000, 10_000];
    expect(await listening(true, [1501, 4999, 5101], { reads })).to.deep.equal([true, true, false]);
    expect(await listening(false, [1399, 1501], { reads })).to.deep.equal([true, false]);
  });

  it('waits for 6 s at most when nobody reads the figures any more, and not at all when nobody ever did', async () => {
    expect(await listening(true, [7399, 7651], { reads: [0] })).to.deep.equal([true, false]);
    expect(await listening(true, [1499, 1551])).to.deep.equal([true, false]);
  });

  it('does not wait for somebody who only looks at the figures', async () => {
    const reads = Array.from({ length: 20 }, (_, i) => i * 500);
    expect(await listening(true, [1499, 1551], { reads, reader: 'node' })).to.deep.equal([true, false]);
  });

  it('takes no new connections where no balancer sends any', async () => {
    expect(await listening(false, [1])).to.deep.equal([false]);
  });
});
