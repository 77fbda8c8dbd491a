import { z } from 'zod';
import { parseDuration } from '../../core/duration.ts';
import { WITNESS_IMAGE } from '../../core/topology/images.ts';
import { scalingConfig } from '../../kit/scaling/config.ts';
import { protocols } from '../../protocols/index.ts';
import { roleSources } from '../../roles/index.ts';
import { slo } from './slo.ts';

const protocol = z.enum(protocols.map(({ name }) => name));
const local = z
  .string()
  .regex(/^\w+:\/\/(?:[^@/]*@)?127\.0\.0\.1:\d+/, { error: 'write an address on 127.0.0.1 with its port' });
const entry = local.regex(/^[^?#]*$/, { error: 'write the address without a query: each request has its own' });
/** A number or a text, because Compose leaves a text where a variable was: "${APP_PORT:-3000}". */
const whole = z.union([z.int().min(0), z.string().regex(/^\d+$/).transform(Number)], { error: 'write a whole number' });
const listen = z.string().regex(/^[\w.-]+:\d+$/, { error: 'write a host name and a port, for example toxiproxy:6001' });

const link = z.strictObject({
  from: z.string(),
  to: z.string(),
  proxy: z.string(),
  listen,
  protocol: protocol.default('tcp'),
  upstream: listen.optional(),
});

const path = z.string().startsWith('/', { error: 'write a path, for example /health' });
const forFault = z.string().includes('{{id}}', { error: 'write SQL with {{id}}, the id of the fault' });
/** The size of a pool in each container, or what the containers share. */
const pool = z.union([
  whole.transform((most) => ({ most })),
  z
    .strictObject({ most: whole, shared: z.union([whole, z.literal('off')]).optional() })
    .transform(({ most, shared }) => (typeof shared === 'number' ? { most, shared } : { most })),
]);
const pools = z.union([pool.transform((one) => [one]), z.array(pool).min(1)], {
  error: 'write a size, what the replicas share, or a list of these: 8, { most: 8, shared: 40 }, [8, 8]',
});
const connections = z.strictObject({ limit: whole, reserved: whole.default(0), pools: z.record(z.string(), pools) });
const file = z.string().startsWith('/', { error: 'write a path in the container, for example /etc/nginx/tls/ca.crt' });
/** The entry over TLS. `service` is the service that publishes its port. */
const tls = z
  .strictObject({
    entry: entry.startsWith('https://', { error: 'write https:// and 127.0.0.1 with its port' }),
    name: z.string().regex(/^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/, {
      error: 'write a host name in small letters, for example shop.test',
    }),
    authority: file,
    certificate: file.optional(),
    issue: z.array(z.string()).min(1).optional(),
  })
  .superRefine(({ certificate, issue }, ctx) => {
    const refuse = (key: string, message: string): void => ctx.addIssue({ code: 'custom', path: [key], message });
    if (certificate !== undefined && issue === undefined)
      refuse(
        'certificate',
        'write also the command that prints a certificate: issue: [COMMAND, {{name}}, {{from}}, {{to}}]',
      );
    if (certificate === undefined && issue !== undefined)
      refuse('issue', 'write also the file that has the certificate: certificate: /etc/nginx/tls/site.pem');
    const lacking = ['{{name}}', '{{from}}', '{{to}}'].filter(
      (word) => issue?.some((part) => part.includes(word)) === false,
    );
    if (lacking.length > 0) refuse('issue', `write a command with ${lacking.join(' and ')}`);
  });
const metric = /^[a-z_:][\w:]*$/i;

/** How jobs are queued in the database, taken back and counted. */
const jobs = z.strictObject({
  owe: forFault.includes('{{jobs}}', { error: 'write SQL with {{jobs}}, the number of jobs' }),
  take: forFault,
  left: z.string().min(1),
  failed: z.string().regex(/^[a-z_:][\w:]*\{\w+="[\w.-]+"\}$/i, {
    error: 'write a counter with one label: jobs_total{outcome="failed"}',
  }),
  pending: z.string().regex(metric, { error: 'write the name of a metric: outbox_pending' }).optional(),
});

/** What a scaler of a service does where an experiment says nothing else. It is kept as it was written. */
const scaler = z.record(z.string(), z.unknown()).superRefine((written, ctx) => {
  const { success, error } = scalingConfig({}).safeParse(written);
  for (const { path, message } of success ? [] : error.issues) ctx.addIssue({ code: 'custom', path, message });
});

/** The beginning of a command that a runbook may carry out on the host. Only Compose knows this topology and no other. */
const hostCommand = z.string().regex(/^docker compose [a-z][a-z -]*$/, {
  error: 'write the beginning of a command: docker compose restart',
});
/** The services that watch the topology, and where they are asked. `rules` counts from the first compose file. */
const monitoring = z
  .strictObject({
    profile: z.string().min(1),
    prometheus: local,
    alertmanager: local.optional(),
    pager: local.optional(),
    rules: z.string().min(1).optional(),
  })
  .superRefine(({ alertmanager, pager }, ctx) => {
    if (pager !== undefined && alertmanager === undefined)
      ctx.addIssue({
        code: 'custom',
        path: ['pager'],
        message: 'Alertmanager delivers to the pager: write its address, alertmanager: http://127.0.0.1:9093',
      });
  });

/** The `x-chaos` block of a compose file. It describes the topology. Compose only replaces its variables. */
const block = z.strictObject({
  entry,
  ready: path.default('/'),
  tls: tls.optional(),
  toxiproxy: local.optional(),
  database: local.optional(),
  redis: local.optional(),
  reset: z.string().optional(),
  empty_redis: z.boolean().optional(),
  probe_image: z.string().default(WITNESS_IMAGE),
  tools_image: z.string().default('chaos/tools:dev'),
  metrics: z.array(z.string()).default([]),
  edge_cache: z.strictObject({ header: z.string().min(1), paths: z.array(path).min(1) }).optional(),
  synchronous: z
    .union([z.boolean(), z.enum(['on', 'off']).transform((value) => value === 'on')], { error: 'write true or false' })
    .optional(),
  jobs: jobs.optional(),
  hops: z.strictObject({ edge: z.string(), balancer: z.string().optional(), app: z.string() }).optional(),
  groups: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  roles: z.record(z.string(), z.enum(roleSources.map(({ name }) => name))).default({}),
  services: z
    .record(
      z.string(),
      z.strictObject({
        port: whole.optional(),
        protocol: protocol.optional(),
        consumer: z.string().optional(),
        follows: z.string().optional(),
        one_shot: z.boolean().default(false),
      }),
    )
    .default({}),
  links: z.record(z.string(), link).default({}),
  connections: z.record(z.string(), connections).optional(),
  host_commands: z.array(hostCommand).min(1).optional(),
  autoscale: z.record(z.string(), scaler).optional(),
  slo: slo.optional(),
  monitoring: monitoring.optional(),
});

/** The block, when its keys fit together. */
const described = block.superRefine(({ links, toxiproxy, reset, jobs, database, redis, empty_redis: empty }, ctx) => {
  const refuse = (key: string, message: string): void => ctx.addIssue({ code: 'custom', path: [key], message });
  if (Object.keys(links).length > 0 && toxiproxy === undefined)
    refuse('links', 'links run through Toxiproxy: write its address, toxiproxy: http://127.0.0.1:8474');
  const where = 'database: postgres://USER:PASSWORD@127.0.0.1:5432/NAME';
  if (reset !== undefined && database === undefined)
    refuse('reset', `the database is reset: write its address, ${where}`);
  if (empty === true && redis === undefined)
    refuse('empty_redis', 'Redis is emptied: write its address, redis: redis://127.0.0.1:6379');
  if (jobs !== undefined && database === undefined)
    refuse('jobs', `jobs are queued in the database: write its address, ${where}`);
});

/** A port of a container, and the port of the machine that leads to it: a number or a range, as text. */
const published = z.looseObject({
  target: z.number(),
  published: z.union([z.string(), z.number().transform(String)]).optional(),
  protocol: z.string().default('tcp'),
});

const attachment = z
  .looseObject({ aliases: z.array(z.string()).nullish(), ipv4_address: z.string().optional() })
  .nullish();

/** Some versions of Compose print a number as a number, others as a text. 0 means no limit. */
const number = z.coerce.number();

/** A network or a volume. Somebody else made it when it is external. */
const belonging = z.looseObject({ name: z.string().optional(), external: z.boolean().optional() }).nullish();

/** A duration as Compose prints it: "10s", "1.5s", "1h30m0s". Milliseconds. */
const length = z
  .string()
  .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/, { error: 'write a number with its unit: 500ms, 10s, 2m' })
  .transform((text) => (text.match(/[\d.]+[a-z]+/g) ?? []).reduce((sum, part) => sum + (parseDuration(part) ?? 0), 0));

/** How Compose says that a service is updated. The defaults are Swarm's. Swarm watches for 5 s when 0 is written. */
const update = z.looseObject({
  parallelism: number.pipe(z.int().min(0)).default(1),
  delay: length.default(0),
  failure_action: z.enum(['pause', 'continue', 'rollback']).default('pause'),
  monitor: length.default(0).transform((ms) => ms || 5_000),
  max_failure_ratio: number.pipe(z.number().min(0).max(1)).default(0),
  order: z.enum(['stop-first', 'start-first']).default('stop-first'),
});

/** The parts of the output of `docker compose config` that are needed. Compose itself has checked the rest. */
export const composed = z.looseObject({
  name: z.string(),
  networks: z.record(z.string(), belonging).default({}),
  volumes: z.record(z.string(), belonging).default({}),
  services: z.record(
    z.string(),
    z.looseObject({
      container_name: z.string().optional(),
      profiles: z.array(z.string()).default([]),
      image: z.string().optional(),
      scale: number.optional(),
      cpus: number.optional(),
      mem_limit: number.optional(),
      ports: z.array(published).default([]),
      expose: z.array(z.string()).default([]),
      networks: z.record(z.string(), attachment).default({}),
      depends_on: z.record(z.string(), z.looseObject({ condition: z.string().optional() })).default({}),
      deploy: z
        .looseObject({
          replicas: number.optional(),
          update_config: update.optional(),
          resources: z
            .looseObject({ limits: z.looseObject({ cpus: number.optional(), memory: number.optional() }).optional() })
            .optional(),
        })
        .optional(),
    }),
  ),
  'x-chaos': described,
});

export type Composed = z.output<typeof composed>;
export type ComposedService = Composed['services'][string];
export type Block = Composed['x-chaos'];
