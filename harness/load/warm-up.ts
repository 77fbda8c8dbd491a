import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { constantRate } from '../core/load/arrivals.ts';
import type { Workload } from '../core/load/load.ts';
import { Generator } from './generator.ts';
import { Ledger } from './ledger.ts';
import { seededMix } from './mix.ts';
import { SocketTransport } from './http/socket-transport.ts';
import { ArrivalStream, Schedule } from './stream.ts';

/** Enough requests for Node to compile the code; more requests brought no measurable gain. */
const REQUESTS = 400;
const RATE_PER_S = 2_000;
const LIMIT_MS = 2_000;

/**
 * Sends requests through the whole code path to our own server in this thread, before the first request that counts.
 * Cold code makes the first seconds of a load late. Nothing of the warm-up reaches the system under test or the record.
 */
export async function warmUp(workload: Workload, now: () => number): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"id":1,"version":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const transport = new SocketTransport(`http://127.0.0.1:${port}`, {
    connectTimeoutMs: LIMIT_MS,
    now,
  });
  const schedule = new Schedule(constantRate(RATE_PER_S), (REQUESTS * 1_000) / RATE_PER_S, 0);
  const ledger = new Ledger(now);
  const generator = new Generator({
    stream: new ArrivalStream(schedule, seededMix(workload, 0, 'warm-up-')),
    transport,
    ledger,
    now,
    start: now(),
    timeoutMs: LIMIT_MS,
    maxInFlight: REQUESTS,
  });
  while (!generator.finished) {
    generator.tick();
    await delay(1);
  }
  ledger.takeBatch();
  ledger.takeTick(now());
  transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
