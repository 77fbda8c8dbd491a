import type { Server } from 'node:http';
import { Server as Listener } from 'node:net';
import type { Log } from './log.ts';
import { sleep, within } from './time.ts';
import type { Time } from './time.ts';

export interface DrainOptions {
  readonly server: Server;
  /** Closes pools, connections and workers after the last answer, side by side. */
  readonly close: () => Promise<unknown>[];
  readonly log: Log;
  readonly time: Time;
}

/** For this long, open connections still get answers, with "Connection: close", so that callers close them first. */
const LINGER_MS = 300;
/** The longest wait for requests under way. With LINGER_MS it is a little more than the deadline of a request (3 s). */
const IN_FLIGHT_MS = 3000;
const CLOSE_MS = 800;

/**
 * Ends the service in order, in less than 5 s even when something hangs. The caller sets "draining" first and exits
 * last.
 */
export async function drain({ server, close, log, time }: DrainOptions): Promise<void> {
  log('info', 'draining');
  // Stops listening and no more: http's own close() would also cut idle connections, and a request may be on its way
  // there.
  const closed = new Promise<void>((resolve) => Listener.prototype.close.call(server, () => resolve()));
  await sleep(time, LINGER_MS);
  server.closeIdleConnections();
  await within(time, closed, IN_FLIGHT_MS);
  server.closeAllConnections();
  await within(time, Promise.allSettled(close()), CLOSE_MS);
  log('info', 'stopped');
}
