import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import type { CacheObserver } from './cache.ts';
import type { DatabaseNode } from './node.ts';

export interface HttpMetrics {
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly duration: Histogram<'method' | 'route'>;
  readonly inFlight: Gauge;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5];

/** Returns a registry that has the default metrics of a Node process. */
export function createRegistry(): Registry {
  const registry = new Registry();
  // By default the delay of the event loop is measured every 10 ms, which wakes an idle replica a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  return registry;
}

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    duration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the request line to the end of the answer.',
      labelNames: ['method', 'route'],
      buckets: SECONDS,
      registers,
    }),
    inFlight: new Gauge({ name: 'http_in_flight', help: 'Requests being served.', registers }),
  };
}

export function cacheMetrics(registry: Registry): CacheObserver {
  const registers = [registry];
  const labelNames = ['layer', 'pattern'];
  const hits = new Counter({ name: 'cache_hits_total', help: 'Lookups that found a value.', labelNames, registers });
  const misses = new Counter({ name: 'cache_misses_total', help: 'Lookups that found none.', labelNames, registers });
  const evictions = new Counter({
    name: 'cache_evictions_total',
    help: 'Values dropped because the layer was full.',
    labelNames,
    registers,
  });
  const seconds = new Summary({
    name: 'cache_lookup_seconds',
    help: 'Time of lookups.',
    labelNames,
    percentiles: [],
    registers,
  });
  return {
    lookup(layer, pattern, hit, ms) {
      (hit ? hits : misses).inc({ layer, pattern });
      seconds.observe({ layer, pattern }, ms / 1000);
    },
    evicted: (layer, pattern) => evictions.inc({ layer, pattern }),
  };
}

type Nodes = Readonly<Record<string, Pick<DatabaseNode, 'pool' | 'size'>>>;

/**
 * For each pool: all its connections, its idle connections, the requests that wait for a connection, and the most
 * connections that it may have now.
 */
export function poolMetrics(registry: Registry, nodes: Nodes): void {
  const connections = new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of a pool by state; waiting counts requests.',
    labelNames: ['pool', 'state'],
    registers: [],
    collect() {
      for (const [name, { pool }] of Object.entries(nodes)) {
        this.set({ pool: name, state: 'total' }, pool.totalCount);
        this.set({ pool: name, state: 'idle' }, pool.idleCount);
        this.set({ pool: name, state: 'waiting' }, pool.waitingCount);
      }
    },
  });
  const limit = new Gauge({
    name: 'db_pool_limit',
    help: 'The most connections that a pool may have now, with the probe of its circuit.',
    labelNames: ['pool'],
    registers: [],
    collect() {
      for (const [pool, { size }] of Object.entries(nodes)) this.set({ pool }, size);
    },
  });
  registry.registerMetric(connections);
  registry.registerMetric(limit);
}

/** The number of jobs in the outbox, read at each scrape; NaN when the database does not answer. */
export function outboxMetrics(registry: Registry, pending: () => Promise<number>): void {
  const gauge = new Gauge({
    name: 'outbox_pending',
    help: 'Jobs whose effect is not stored yet.',
    registers: [],
    async collect() {
      this.set(await pending().catch(() => NaN));
    },
  });
  registry.registerMetric(gauge);
}

export const jobMetrics = (registry: Registry): Counter<'job' | 'outcome'> =>
  new Counter({
    name: 'jobs_total',
    help: 'Attempts at a job by outcome: done, repeated (its effect was there already), failed.',
    labelNames: ['job', 'outcome'],
    registers: [registry],
  });
