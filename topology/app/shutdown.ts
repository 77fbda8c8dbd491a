import type { Server } from 'node:http';
import { Server as Listener } from 'node:net';
import type { Log } from './log.ts';
import { sleep, within } from './time.ts';
import type { Time } from './time.ts';

export interface DrainOptions {
  readonly server: Server;
  /** After the last answer: pools, connections, workers. Run side by side. */
  readonly close: () => Promise<unknown>[];
  readonly log: Log;
  readonly time: Time;
}

/** Connections that are open still get answers, with "Connection: close", so that callers let go of them first. */
const LINGER_MS = 300;
/** For requests under way: their deadline, and a little. */
const IN_FLIGHT_MS = 3000;
const CLOSE_MS = 800;

/** Ends the service in order, in less than 5 s whatever hangs. The caller has set "draining" and exits afterwards. */
export async function drain({ server, close, log, time }: DrainOptions): Promise<void> {
  log('info', 'draining');
  // Only the listening: http's own close() would also cut idle connections, on which a request may be on its way.
  const closed = new Promise<void>((resolve) => Listener.prototype.close.call(server, () => resolve()));
  await sleep(time, LINGER_MS);
  server.closeIdleConnections();
  await within(time, closed, IN_FLIGHT_MS);
  server.closeAllConnections();
  await within(time, Promise.allSettled(close()), CLOSE_MS);
  log('info', 'stopped');
}
