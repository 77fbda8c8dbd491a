import type { Environment } from '../../../harness/core/record/environment.ts';
import type { EndpointSpec, Workload } from '../../../harness/core/load/load.ts';
import type { Phase } from '../../../harness/core/plan/phases.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { ServiceSpec, TopologySpec } from '../../../harness/core/topology/spec.ts';
import { SPEC } from '../doubles/topology/spec.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';

/** A password that is planted in the plan. Nothing that is written about a run may contain it. */
export const PLANTED_PASSWORD = 'wedsync-planted-pw';

const endpoint = (name: string, frequency: number): EndpointSpec => {
  const [method = 'GET', path = '/'] = name.split(' ');
  return {
    name,
    method: method as EndpointSpec['method'],
    path,
    kind: method === 'GET' ? 'read' : 'write',
    frequency,
    query: {},
    body: method === 'GET' ? undefined : '{"note":"{{token}}"}',
    expect: ['id'],
    audit: method === 'GET' ? undefined : { stored: 'SELECT 1' },
  };
};

const sampleWorkload: Workload = {
  name: 'saturday',
  file: 'experiments/workloads/saturday.yaml',
  scenarios: [
    {
      name: 'vendor_dashboard_usage',
      weight: 40,
      endpoints: [
        endpoint('GET /api/dashboard', 0.1),
        endpoint('GET /api/clients', 0.05),
        endpoint('GET /api/weddings/upcoming', 0.05),
      ],
    },
    {
      name: 'couple_form_submission',
      weight: 30,
      endpoints: [endpoint('POST /api/forms/submit', 0.02), endpoint('POST /api/photos/upload', 0.01)],
    },
    {
      name: 'wedding_day_operations',
      weight: 20,
      endpoints: [
        endpoint('PUT /api/timeline/update', 0.1),
        endpoint('POST /api/communication/send', 0.05),
        endpoint('PUT /api/tasks/complete', 0.03),
      ],
    },
    {
      name: 'payment_processing',
      weight: 10,
      endpoints: [endpoint('POST /api/payments/process', 0.01), endpoint('POST /api/invoices/generate', 0.005)],
    },
  ],
};

const service = (name: string, replicas = 1, group?: string): [string, ServiceSpec] => [
  name,
  {
    name,
    replicas,
    port: 5432,
    protocol: 'tcp',
    consumer: 'haproxy',
    group,
    limits: { cpus: undefined, memoryBytes: undefined },
  },
];

const topology: TopologySpec = {
  files: ['/srv/chaos/docker-compose.chaos.yml'],
  project: 'chaos',
  services: Object.fromEntries([
    service('postgres-a', 1, 'postgres'),
    service('postgres-b', 1, 'postgres'),
    service('haproxy'),
    service('redis'),
    service('app', 3),
    service('worker'),
    service('nginx'),
  ]),
  groups: { postgres: ['postgres-a', 'postgres-b'] },
  links: {
    'app-to-primary': {
      name: 'app-to-primary',
      from: 'app',
      to: 'haproxy',
      proxy: 'app-to-primary',
      host: 'toxiproxy',
      port: 6001,
      protocol: 'postgres',
    },
  },
  entry: 'http://127.0.0.1:18080',
  ready: '/health',
  toxiproxy: 'http://127.0.0.1:18474',
  database: `postgres://wedsync:${PLANTED_PASSWORD}@127.0.0.1:15432/wedsync`,
  redis: 'redis://127.0.0.1:16379',
  resetSql: 'SELECT wedsync_reset() AS fingerprint',
  toolsImage: 'chaos/tools:dev',
  probeImage: 'chaos-base/node:24.21.0',
  metrics: ['app', 'worker'],
  jobs: SPEC.jobs,
};

export const samplePlan = (seconds: Readonly<Record<Phase, number>>, ratePerS: number, seed: number): Plan => ({
  schema_version: 1,
  file: 'experiments/postgres-primary-loss.yaml',
  name: 'postgres-primary-loss',
  title: 'Losing the Postgres primary costs no acknowledged write',
  tags: ['nightly', 'failover'],
  seed,
  topology,
  load: {
    ...constantLoad(sampleWorkload, ratePerS, 2_000),
    pressure: { virtualUsers: 50, ratePerS: 20 },
  },
  phases: {
    warmup: seconds.warmup * 1_000,
    baseline: seconds.baseline * 1_000,
    fault: seconds.fault * 1_000,
    heal: seconds.heal * 1_000,
    recovery: seconds.recovery * 1_000,
  },
  faults: [{ id: 'kill-1', fault: 'kill', params: { service: 'postgres', role: 'primary' }, at: 0, for: undefined }],
  hypotheses: [
    { check: 'latency', params: { p95: 200, during: ['baseline', 'fault', 'recovery'] }, line: 12 },
    { check: 'errors', params: { below: 0.001, during: ['baseline', 'recovery'] }, line: 13 },
    { check: 'failover', params: { service: 'postgres', within: 15_000 }, line: 14 },
    { check: 'acknowledged_writes', params: { lost: 0 }, line: 15 },
  ],
  overrides: ['phases.baseline=20s'],
});

export const sampleEnvironment: Environment = {
  harness: '0.1.0',
  commit: '3f9a1c2',
  dirty: true,
  node: 'v24.21.0',
  engine: '26.1.5',
  compose: '2.26.1',
  cores: 2,
  memory_mib: 24_105,
  kernel: '6.1.0-31-amd64',
  images: { app: 'sha256:4f0d1a77c0be9d3e', 'postgres-a': 'sha256:90b1c3de55a1f00d', nginx: 'sha256:77aa10b2cc3d4e5f' },
  command: `CHAOS_DB_PASSWORD=${PLANTED_PASSWORD} chaos run experiments/postgres-primary-loss.yaml --set phases.baseline=20s`,
};
