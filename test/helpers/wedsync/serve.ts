import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TwoLayerCache } from '../../../topology/app/cache.ts';
import { loadConfig } from '../../../topology/app/config.ts';
import type { Database } from '../../../topology/app/db.ts';
import { createHttpServer } from '../../../topology/app/http.ts';
import type { Log } from '../../../topology/app/log.ts';
import { createRegistry, httpMetrics } from '../../../topology/app/metrics.ts';
import type { Route } from '../../../topology/app/router.ts';
import { routes } from '../../../topology/app/routes/index.ts';
import { Scrapes } from '../../../topology/app/scrapes.ts';
import { monotonic as time } from '../../../topology/app/time.ts';

export type AnyDatabase = Pick<Database, 'read' | 'write' | 'usable'>;

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

const quiet: Log = () => undefined;
const REQUEST_MS = 1_000;

/** Every route of the app, with this database and this cache. */
export const appRoutes = (db: AnyDatabase, cache?: TwoLayerCache): Route[] =>
  routes({
    config: loadConfig({ PRIMARY_URL: 'p', REDIS_URL: 'r' }, { port: 1 }),
    db: db as Database,
    cache,
    queue: undefined,
    registry: createRegistry(),
    scrapes: new Scrapes(time),
    time,
    draining: () => false,
    circuits: () => ({}),
  });

/** Serves the app in this process, on a port of 127.0.0.1. */
export async function serveApp(db: AnyDatabase, { cache, log = quiet }: Options = {}): Promise<Served> {
  const server = createHttpServer({
    routes: appRoutes(db, cache),
    metrics: httpMetrics(createRegistry()),
    log,
    time,
    requestMs: REQUEST_MS,
    draining: () => false,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Options {
  readonly cache?: TwoLayerCache;
  readonly log?: Log;
}
