import type { Server } from 'node:http';
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

/** Keeps answering, with "Connection: close", so that callers let go of their connections before these are closed. */
const LINGER_MS = 300;
/** For requests under way: their deadline, and a little. */
const IN_FLIGHT_MS = 3200;
const CLOSE_MS = 800;

/** Ends the service in order, in less than 5 s whatever hangs. The caller has set "draining" and exits afterwards. */
export async function drain({ server, close, log, time }: DrainOptions): Promise<void> {
  log('info', 'draining');
  await sleep(time, LINGER_MS);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await within(time, closed, IN_FLIGHT_MS);
  server.closeAllConnections();
  await within(time, Promise.allSettled(close()), CLOSE_MS);
  log('info', 'stopped');
}
