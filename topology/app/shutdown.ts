import { Server as Listener } from 'node:net';
import type { HttpServer } from './http.ts';
import type { Log } from './log.ts';
import type { Scrapes } from './scrapes.ts';
import { sleep, within } from './time.ts';
import type { Time } from './time.ts';

export interface DrainOptions {
  /** True for a service behind a balancer: it must notice first that no more requests may be sent here. */
  readonly balanced: boolean;
  readonly server: HttpServer;
  readonly scrapes: Pick<Scrapes, 'next'>;
  /** Closes pools, connections and workers after the last answer, side by side. */
  readonly close: () => Promise<unknown>[];
  readonly log: Log;
  readonly time: Time;
}

/**
 * For this long, a replica that ends still takes connections and answers everything. The balancer asks for /ready every
 * half second and finds a 404 there; until then it sends new requests. It has three times as long as it needs.
 */
const NOTICE_MS = 1500;
/** For this long, open connections still get answers, with "Connection: close", so that callers close them first. */
const LINGER_MS = 300;
/** The longest wait for requests under way: the deadline of a request. */
const IN_FLIGHT_MS = 3000;
const LOOK_MS = 50;
const CLOSE_MS = 800;

/**
 * Ends the service in order, in less than 6 s even when something hangs, and in less than 12 s when somebody reads its
 * figures. The caller sets "draining" first and exits last.
 */
export async function drain({ balanced, server, scrapes, close, log, time }: DrainOptions): Promise<void> {
  log('info', 'draining');
  if (balanced) await sleep(time, NOTICE_MS);
  const end = time.now() + IN_FLIGHT_MS;
  // A balancer that finds nobody listening takes the replica for dead, and cuts what the replica is still answering.
  const answering = (): boolean => balanced && server.inFlight() > 0 && time.now() < end;
  while (answering()) await sleep(time, LOOK_MS);
  // Prometheus counts the last answers too.
  await scrapes.next();
  // Stops listening and no more: http's own close() would also cut idle connections, and a request may be on its way
  // there.
  const closed = new Promise<void>((resolve) => Listener.prototype.close.call(server, () => resolve()));
  await sleep(time, LINGER_MS);
  server.closeIdleConnections();
  await within(time, closed, Math.max(0, end - time.now()));
  server.closeAllConnections();
  await within(time, Promise.allSettled(close()), CLOSE_MS);
  log('info', 'stopped');
}
