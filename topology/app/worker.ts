import { loadConfig } from './config.ts';
import { createHttpServer } from './http.ts';
import { JobQueue, startWorker } from './jobs.ts';
import { createLog } from './log.ts';
import { createRegistry, httpMetrics, jobMetrics, outboxMetrics, poolMetrics } from './metrics.ts';
import { DatabaseNode } from './node.ts';
import { OutboxRelay } from './outbox.ts';
import { patientRedis, promptRedis } from './redis.ts';
import { health, metrics } from './routes/health.ts';
import { drain } from './shutdown.ts';
import { monotonic as time } from './time.ts';

const config = loadConfig(process.env, { port: 3001 });
const { switches, limits } = config;
const log = createLog(process.stdout);
const registry = createRegistry();
let draining = false;

const primary = new DatabaseNode({
  name: 'primary',
  url: config.primaryUrl,
  poolSize: Math.min(switches.dbPoolSize, 10),
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
    metrics(registry),
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
void relay.run(stopping.signal);
server.listen(config.port, () => log('info', 'working', { port: config.port, switches }));

async function stop(): Promise<void> {
  if (draining) return;
  draining = true;
  stopping.abort();
  await drain({ balanced: false, server, close: () => [closeInOrder()], log, time });
  process.exit(0);
}

/** Closes the worker first, because jobs under way still need the database. */
async function closeInOrder(): Promise<void> {
  await worker.close();
  await Promise.allSettled([queue.close(), primary.close()]);
  blocking.disconnect();
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
