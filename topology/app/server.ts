import type { App } from './app.ts';
import { TwoLayerCache } from './cache.ts';
import { loadConfig } from './config.ts';
import { Database } from './db.ts';
import { createHttpServer } from './http.ts';
import { JobQueue } from './jobs.ts';
import { createLog } from './log.ts';
import { cacheMetrics, createRegistry, httpMetrics, poolMetrics } from './metrics.ts';
import { DatabaseNode } from './node.ts';
import { promptRedis, RedisCache } from './redis.ts';
import { routes } from './routes/index.ts';
import { drain } from './shutdown.ts';
import { monotonic as time } from './time.ts';

const config = loadConfig(process.env, { port: 3000 });
const { switches, limits } = config;
const log = createLog(process.stdout);
const registry = createRegistry();
let draining = false;

const node = (name: 'primary' | 'standby', url: string): DatabaseNode =>
  new DatabaseNode({ name, url, poolSize: switches.dbPoolSize, limits, time });
const primary = node('primary', config.primaryUrl);
const standby = node('standby', config.standbyUrl);
poolMetrics(registry, { primary: primary.pool, standby: standby.pool });

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

const queue = switches.jobs === 'direct' ? new JobQueue(promptRedis(config.redisUrl, limits, 500)) : undefined;

const app: App = {
  config,
  db: new Database({ primary, standby, config, time, random: Math.random }),
  cache,
  queue,
  registry,
  time,
  draining: () => draining,
  circuits: () => ({
    primary: primary.circuit.state,
    standby: standby.circuit.state,
    ...(redis && { redis: redis.circuit.state }),
  }),
};

const server = createHttpServer({
  routes: routes(app),
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
server.listen(config.port, () => log('info', 'serving', { port: config.port, switches }));

async function stop(): Promise<void> {
  if (draining) return;
  draining = true;
  await drain({
    server,
    close: () => [primary.close(), standby.close(), Promise.resolve(redis?.close()), Promise.resolve(queue?.close())],
    log,
    time,
  });
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
