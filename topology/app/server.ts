import { Resolver } from 'node:dns/promises';
import type { App } from './app.ts';
import { TwoLayerCache } from './cache.ts';
import { loadConfig } from './config.ts';
import { Database } from './db.ts';
import { createHttpServer } from './http.ts';
import { createLog } from './log.ts';
import { cacheMetrics, createRegistry, httpMetrics, poolMetrics } from './metrics.ts';
import { DatabaseNode } from './node.ts';
import { PoolSizer } from './pool-size.ts';
import { promptRedis, RedisCache } from './redis.ts';
import { begin, released } from './release.ts';
import { routes } from './routes/index.ts';
import { Scrapes } from './scrapes.ts';
import { drain } from './shutdown.ts';
import { monotonic as time } from './time.ts';

const config = loadConfig(process.env, { port: 3000 });
const { switches, limits } = config;
const log = createLog(process.stdout);
const registry = createRegistry();
const scrapes = new Scrapes(time);
let draining = false;

/** The name that all replicas have in the network. It has an address for each of them. */
const REPLICAS = 'app';
const names = new Resolver({ timeout: 900, tries: 1 });
const { dbPoolSize, dbPoolShared } = switches;
const pools =
  dbPoolShared === undefined
    ? undefined
    : new PoolSizer({
        share: { most: dbPoolSize, shared: dbPoolShared },
        resolve: () => names.resolve4(REPLICAS),
        time,
        onSize(size, replicas) {
          for (const resized of [primary, standby, db]) resized.resize(size);
          log('info', 'pool size', { size, replicas });
        },
        onFailure: (error) => log('warn', 'the replicas cannot be counted', { error: String(error) }),
      });
const poolSize = pools?.size ?? dbPoolSize;

const node = (name: 'primary' | 'standby', url: string): DatabaseNode =>
  new DatabaseNode({ name, url, poolSize, replicas: () => pools?.replicas ?? 1, limits, time });
const primary = node('primary', config.primaryUrl);
const standby = node('standby', config.standbyUrl);
const db = new Database({ primary, standby, config, poolSize, time, random: Math.random });
poolMetrics(registry, { primary, standby });

const redis = switches.cache ? new RedisCache({ url: config.redisUrl, limits, time }) : undefined;
const cache =
  redis &&
  new TwoLayerCache({
    shared: redis,
    observer: cacheMetrics(registry),
    time,
    random: Math.random,
    stampedeProtection: switches.stampedeProtection,
    maxEntries: 5000,
    maxLength: 16_384,
    memoryTtlMs: 2000,
    sharedTtlMs: 10_000,
  });

// The queue's library costs a tenth of a second of processor time at every start, and is needed for this switch only.
const queue =
  switches.jobs === 'direct'
    ? new (await import('./jobs.ts')).JobQueue(promptRedis(config.redisUrl, limits, 500))
    : undefined;

const app: App = {
  config,
  db,
  cache,
  queue,
  registry,
  scrapes,
  time,
  draining: () => draining,
  circuits: () => ({
    primary: primary.circuit.state,
    standby: standby.circuit.state,
    ...(redis && { redis: redis.circuit.state }),
  }),
};

const server = createHttpServer({
  routes: released(switches.release, routes(app), app.db),
  metrics: httpMetrics(registry),
  log,
  time,
  requestMs: limits.requestMs,
  draining: app.draining,
});

for (const [name, circuit] of Object.entries({
  primary: primary.circuit,
  standby: standby.circuit,
  redis: redis?.circuit,
})) {
  circuit?.onChange((state) => log(state === 'open' ? 'warn' : 'info', 'circuit', { name, state }));
  circuit?.trip(); // the first probe
}
void pools?.run();
await begin(
  switches.release,
  () => void server.listen(config.port, () => log('info', 'serving', { port: config.port, switches })),
  time,
);

async function stop(): Promise<void> {
  if (draining) return;
  draining = true;
  pools?.stop();
  await drain({
    balanced: true,
    server,
    scrapes,
    close: () => [primary.close(), standby.close(), Promise.resolve(redis?.close()), Promise.resolve(queue?.close())],
    log,
    time,
  });
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
