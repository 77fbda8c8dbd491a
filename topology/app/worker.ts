import { loadConfig } from './config.ts';
import { createHttpServer } from './http.ts';
import { JobQueue, startWorker } from './jobs.ts';
import { createLog } from './log.ts';
import { createRegistry, httpMetrics, jobMetrics, outboxMetrics, poolMetrics } from './metrics.ts';
import { DatabaseNode } from './node.ts';
import { OutboxRelay } from './outbox.ts';
import { patientRedis, promptRedis } from './redis.ts';
import { health, metrics } from './routes/health.ts';
import { Scrapes } from './scrapes.ts';
import { drain } from './shutdown.ts';
import { monotonic as time, within } from './time.ts';

/** The longest wait for jobs under way, before the service ends as an API replica does. Both together end within 14 s. */
const JOBS_MS = 3000;

const config = loadConfig(process.env, { port: 3001 });
const { switches, limits } = config;
const log = createLog(process.stdout);
const registry = createRegistry();
const scrapes = new Scrapes(time);
let draining = false;

const primary = new DatabaseNode({
  name: 'primary',
  url: config.primaryUrl,
  poolSize: Math.min(switches.dbPoolSize, 10),
  replicas: () => 1,
  limits,
  time,
});
poolMetrics(registry, { primary });

const queue = new JobQueue(promptRedis(config.redisUrl, limits, 1000));
const relay = new OutboxRelay({ primary, queue, time, log });
const blocking = patientRedis(config.redisUrl);
const outcomes = jobMetrics(registry);
const worker = startWorker(blocking, primary, (job, outcome) => outcomes.inc({ job, outcome }));
outboxMetrics(registry, () => relay.pending());

const server = createHttpServer({
  routes: [
    health({
      usable: () => primary.circuit.closed,
      draining: () => draining,
      circuits: () => ({ primary: primary.circuit.state, redis: queue.ready ? 'closed' : 'open' }),
    }),
    metrics(registry, scrapes),
  ],
  metrics: httpMetrics(registry),
  log,
  time,
  requestMs: limits.requestMs,
  draining: () => draining,
});

const stopping = new AbortController();
primary.circuit.onChange((state) => log(state === 'open' ? 'warn' : 'info', 'circuit', { name: 'primary', state }));
primary.circuit.trip(); // the first probe
const relaying = relay.run(stopping.signal);
server.listen(config.port, () => log('info', 'working', { port: config.port, switches }));

/**
 * Takes no more jobs, and finishes those under way. A job that is not finished in time goes to another worker: its lock
 * ends after 5 s, and the others look for such jobs every 3 s. Its outbox row is still there.
 */
async function stop(): Promise<void> {
  if (draining) return;
  draining = true;
  stopping.abort();
  await within(time, Promise.allSettled([relaying, worker.close()]), JOBS_MS);
  await drain({ balanced: false, server, scrapes, close: () => [queue.close(), primary.close()], log, time });
  blocking.disconnect();
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
