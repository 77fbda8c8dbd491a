import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workload } from '../core/load.ts';
import { Ledger } from './ledger.ts';
import { seededMix } from './mix.ts';
import { Generator } from './generator.ts';
import { constantArrivals } from './arrivals.ts';
import { UndiciTransport } from './undici-transport.ts';

/** Enough for the code to be compiled; more brought nothing measurable. */
const REQUESTS = 400;
const RATE_PER_S = 2_000;
const LIMIT_MS = 2_000;

/**
 * Runs the whole way of a request against a server of our own in this thread, before the first one that counts: cold
 * code makes the first seconds of a load late. Nothing of it reaches the system under test or the record.
 */
export async function warmUp(workload: Workload, now: () => number): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"id":1,"version":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const transport = new UndiciTransport(`http://127.0.0.1:${port}`, { connectTimeoutMs: LIMIT_MS, openingsPerMs: 8 });
  const generator = new Generator({
    arrivals: constantArrivals(RATE_PER_S, (REQUESTS * 1_000) / RATE_PER_S),
    mix: seededMix(workload, 0, 'warm-up-'),
    transport,
    ledger: new Ledger(now),
    now,
    start: now(),
    timeoutMs: LIMIT_MS,
    maxInFlight: REQUESTS,
  });
  while (!generator.finished) {
    generator.tick();
    await delay(1);
  }
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
