import type { LinkSpec, ServiceSpec, TopologySpec } from '../../../../harness/core/topology/spec.ts';

const MIB = 1_048_576;

const service = (name: string, port: number, consumer: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name,
  replicas: 1,
  port,
  protocol: 'http',
  consumer,
  group: undefined,
  limits: { cpus: undefined, memoryBytes: undefined },
  ...more,
});

const node = (name: string): ServiceSpec =>
  service(name, 5432, 'haproxy', {
    protocol: 'postgres',
    group: 'postgres',
    limits: { cpus: 1.5, memoryBytes: 512 * MIB },
  });

const link = (to: string, port: number, protocol: LinkSpec['protocol'], name = `app-to-${to}`): LinkSpec => ({
  name,
  from: 'app',
  to,
  proxy: name,
  host: 'toxiproxy',
  port,
  protocol,
});

const byName = <T extends { readonly name: string }>(things: readonly T[]): Record<string, T> =>
  Object.fromEntries(things.map((thing) => [thing.name, thing]));

/** The topology of the tests: as WedSync's, with fewer services. */
export const SPEC: TopologySpec = {
  files: ['/project/docker-compose.chaos.yml'],
  project: 'chaos',
  services: byName([
    service('app', 3000, 'nginx', {
      replicas: 3,
      image: 'chaos/app:dev',
      update: {
        parallelism: 1,
        delayMs: 10_000,
        failureAction: 'rollback',
        monitorMs: 5_000,
        maxFailureRatio: 0.05,
        order: 'start-first',
      },
      limits: { cpus: 1, memoryBytes: 256 * MIB },
    }),
    service('nginx', 80, 'app'),
    node('postgres-a'),
    node('postgres-b'),
    service('haproxy', 5000, 'app', { protocol: 'postgres' }),
    service('redis', 6379, 'toxiproxy', { protocol: 'redis', limits: { cpus: 0.5, memoryBytes: 768 * MIB } }),
    service('toxiproxy', 8474, 'app'),
    service('worker', 3001, 'app'),
  ]),
  groups: { postgres: ['postgres-a', 'postgres-b'] },
  links: byName([link('postgres', 6001, 'postgres', 'app-to-primary'), link('redis', 6003, 'redis')]),
  entry: 'http://127.0.0.1:18080',
  tls: {
    entry: 'https://127.0.0.1:18443',
    service: 'nginx',
    port: 443,
    name: 'wedsync.test',
    authority: '/etc/nginx/tls/ca.crt',
    certificate: { file: '/etc/nginx/tls/site.pem', issue: ['issue-certificate', '{{name}}', '{{from}}', '{{to}}'] },
  },
  ready: '/health',
  toxiproxy: 'http://127.0.0.1:18474',
  database: 'postgres://wedsync:planted-secret@127.0.0.1:15432/wedsync',
  redis: 'redis://127.0.0.1:16379',
  resetSql: 'select wedsync_reset()',
  emptyRedis: true,
  probeImage: 'chaos-base/node:24.21.0',
  toolsImage: 'chaos/tools:dev',
  metrics: ['app'],
  edgeCache: { header: 'x-cache-status', paths: ['/photos/1'] },
  synchronous: true,
  redisService: 'redis',
  toxiproxyService: 'toxiproxy',
  jobs: {
    owe: "insert into outbox (job, idempotency_key) select 'thumbnail', 'chaos:{{id}}:' || n from generate_series(1, {{jobs}}) n",
    take: "delete from outbox where starts_with(idempotency_key, 'chaos:{{id}}:')",
    left: "select distinct split_part(idempotency_key, ':', 2) from outbox where starts_with(idempotency_key, 'chaos:')",
    failed: 'jobs_total{outcome="failed"}',
    pending: 'outbox_pending',
  },
};
