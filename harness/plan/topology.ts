import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ChaosError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { Limits, LinkSpec, ServiceSpec, TopologySpec } from '../core/topology.ts';
import { type Env, interpolate } from './interpolate.ts';
import { problemsOf } from './issues.ts';
import { COMPOSE, type Path, placeOf, readSource, type Source, valueOf } from './source.ts';
import { didYouMean } from './suggest.ts';

const protocol = z.enum(['postgres', 'redis', 'http', 'tcp']);
const local = z
  .string()
  .regex(/^\w+:\/\/(?:[^@/]*@)?127\.0\.0\.1:\d+/, { error: 'write an address on 127.0.0.1 with its port' });
/** Also a text, because a variable stands for one: "${APP_REPLICAS:-3}". */
const whole = z.union([z.int().min(0), z.string().regex(/^\d+$/).transform(Number)], { error: 'write a whole number' });
/** As Compose reads them: 0, and nothing, mean no limit. */
const cores = z.union(
  [
    z.number().min(0),
    z
      .string()
      .regex(/^\d*\.?\d+$/)
      .transform(Number),
  ],
  { error: 'write a number of cores' },
);
const UNITS = { b: 1, k: 1_024, m: 1_048_576, g: 1_073_741_824 } as const;
const bytes = z.union(
  [
    z.int().min(0),
    z
      .string()
      .regex(/^\d+(?:\.\d+)?\s*(?:[bkmg]b?)?$/i)
      .transform(parseBytes),
  ],
  { error: 'write an amount of memory, for example 256m' },
);

function parseBytes(text: string): number {
  const unit = (/[bkmg]/i.exec(text)?.[0] ?? 'b').toLowerCase() as keyof typeof UNITS;
  return Math.round(Number.parseFloat(text) * UNITS[unit]);
}

const listen = z
  .string()
  .regex(/^[\w.-]+:\d+$/, { error: 'write a name and port of the network, for example toxiproxy:6001' });

const link = z.strictObject({
  from: z.string(),
  to: z.string(),
  proxy: z.string(),
  listen,
  protocol: protocol.default('tcp'),
  upstream: listen.optional(),
});

/** The block with which a compose file describes itself to the harness; Compose ignores it. */
const block = z.strictObject({
  entry: local,
  ready: z.string().startsWith('/', { error: 'write a path, for example /health' }),
  toxiproxy: local,
  database: local,
  redis: local,
  reset: z.string(),
  probe_image: z.string(),
  tools_image: z.string().default('chaos/tools:dev'),
  metrics: z.array(z.string()).default([]),
  hops: z.strictObject({ edge: z.string(), app: z.string() }).optional(),
  groups: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  services: z
    .record(
      z.string(),
      z.strictObject({ port: whole.optional(), protocol: protocol.default('tcp'), consumer: z.string().optional() }),
    )
    .default({}),
  links: z.record(z.string(), link).default({}),
});

const compose = z.looseObject({
  name: z.string(),
  services: z.record(
    z.string(),
    z.looseObject({
      scale: whole.optional(),
      cpus: cores.optional(),
      mem_limit: bytes.optional(),
      profiles: z.array(z.string()).default([]),
      deploy: z
        .looseObject({
          replicas: whole.optional(),
          resources: z
            .looseObject({ limits: z.looseObject({ cpus: cores.optional(), memory: bytes.optional() }).optional() })
            .optional(),
        })
        .optional(),
    }),
  ),
  'x-chaos': block,
});

type ComposeFile = z.output<typeof compose>;

/** The first mistake of `topologyOf` thrown, with its place. */
export function readTopology(files: readonly string[], env: Env): TopologySpec {
  const read = topologyOf(files, env);
  if ('project' in read) return read;
  const [first] = read;
  if (first === undefined) throw new TypeError('a topology is read or has problems');
  throw new ChaosError(first.code, { ...first, what: first.message, exit: 'bad-input' });
}

/** What compose files say of the topology, laid over each other in their order, or all mistakes. Asks nothing of Docker. */
export function topologyOf(files: readonly string[], env: Env): TopologySpec | readonly Problem[] {
  const read = files.map((file) => readSource(file, COMPOSE));
  const sources = read.filter((source) => 'doc' in source);
  const broken = read.flatMap((source) => ('doc' in source ? [] : source));
  const [first] = sources;
  if (broken.length > 0 || first === undefined) return broken;
  const variables = { ...dotEnv(first.file), ...env };
  const values = sources.map((source) => interpolate(valueOf(source), variables));
  const merged = values.reduce((base, over) => layOver(base, over));
  if (typeof merged !== 'object' || merged === null || !('services' in merged)) {
    const hint = 'Name a compose file, for example ../docker-compose.chaos.yml.';
    return [
      {
        file: first.file,
        line: 1,
        column: 1,
        code: 'CHAOS_TOPOLOGY_INVALID',
        message: 'this is not a compose file: it has no "services"',
        hint,
        severity: 'error',
      },
    ];
  }
  if (!('x-chaos' in merged)) {
    const hint =
      'Without it nobody knows its links and addresses: copy the one of docker-compose.chaos.yml and change it.';
    return [
      {
        file: first.file,
        line: 1,
        column: 1,
        code: 'CHAOS_TOPOLOGY_INVALID',
        message: 'this compose file has no "x-chaos" block',
        hint,
        severity: 'error',
      },
    ];
  }
  const parsed = compose.safeParse(merged, { reportInput: false });
  if (!parsed.success) {
    return parsed.error.issues.flatMap((issue) =>
      problemsOf([issue], ownerOf(sources, issue.path as Path), compose).map(({ problem }) => problem),
    );
  }
  const wrong = unknownNames(parsed.data).map(({ path, message, known }): Problem => {
    const source = ownerOf(sources, path);
    return {
      file: source.file,
      ...placeOf(source, path),
      code: 'CHAOS_UNKNOWN_SERVICE',
      message,
      hint: didYouMean(String(path.at(-1)), known),
      severity: 'error',
    };
  });
  return wrong.length > 0 ? wrong : specOf(files, parsed.data);
}

/** Variables of the file `.env` beside the first compose file, which Compose reads too; the environment's own win. */
function dotEnv(file: string): Env {
  try {
    return parseEnv(readFileSync(join(dirname(file), '.env'), 'utf8'));
  } catch {
    return {};
  }
}

/** Of several files, the last that has the value: it is the one that counts. */
const ownerOf = (sources: readonly Source[], path: Path): Source =>
  path
    .map((_, i) => sources.findLast((source) => source.doc.hasIn(path.slice(0, path.length - i))))
    .find((source) => source !== undefined) ?? (sources[0] as Source);

interface UnknownName {
  readonly path: Path;
  readonly message: string;
  readonly known: readonly string[];
}

/** Names in the x-chaos block that no service or group has, and names that two things have. */
function unknownNames({ services, 'x-chaos': x }: ComposeFile): UnknownName[] {
  const names = Object.keys(services);
  const groups = Object.keys(x.groups);
  const found: UnknownName[] = [];
  const must = (name: string, known: readonly string[], path: Path): void => {
    if (!known.includes(name))
      found.push({ path: [...path, name], message: `there is no service "${name}" in the compose file`, known });
  };
  for (const [group, members] of Object.entries(x.groups)) {
    members.forEach((member, i) => must(member, names, ['x-chaos', 'groups', group, i]));
    if (names.includes(group))
      found.push({ path: ['x-chaos', 'groups', group], message: `"${group}" is a service and a group`, known: [] });
  }
  for (const [service, { consumer }] of Object.entries(x.services)) {
    must(service, names, ['x-chaos', 'services']);
    if (consumer !== undefined) must(consumer, names, ['x-chaos', 'services', service, 'consumer']);
  }
  for (const [name, { from, to }] of Object.entries(x.links)) {
    must(from, names, ['x-chaos', 'links', name, 'from']);
    must(to, [...names, ...groups], ['x-chaos', 'links', name, 'to']);
  }
  x.metrics.forEach((service, i) => must(service, names, ['x-chaos', 'metrics', i]));
  for (const [hop, service] of Object.entries(x.hops ?? {})) must(service, names, ['x-chaos', 'hops', hop]);
  return found;
}

function specOf(files: readonly string[], { name: project, services, 'x-chaos': x }: ComposeFile): TopologySpec {
  const groupOf = (service: string): string | undefined =>
    Object.entries(x.groups).find(([, members]) => members.includes(service))?.[0];
  // What only a profile starts (an image of ours that is built with the others) is no part of the running topology.
  const running = Object.entries(services).filter(([, { profiles }]) => profiles.length === 0);
  const specs = running.map(([name, service]): [string, ServiceSpec] => {
    const { deploy, scale } = service;
    const {
      port,
      protocol: speaks,
      consumer,
    } = x.services[name] ?? { port: undefined, protocol: 'tcp' as const, consumer: undefined };
    return [
      name,
      {
        name,
        replicas: deploy?.replicas ?? scale ?? 1,
        port,
        protocol: speaks,
        consumer,
        group: groupOf(name),
        limits: limitsOf(service),
      },
    ];
  });
  const links = Object.entries(x.links).map(([name, { listen: where, ...rest }]): [string, LinkSpec] => {
    const [host = '', port = ''] = where.split(':');
    return [name, { name, ...rest, host, port: Number(port) }];
  });
  const {
    entry,
    ready,
    toxiproxy,
    database,
    redis,
    reset,
    probe_image: probeImage,
    tools_image: toolsImage,
    metrics,
    hops,
    groups,
  } = x;
  return {
    files,
    project,
    services: Object.fromEntries(specs),
    groups,
    links: Object.fromEntries(links),
    entry,
    ready,
    toxiproxy,
    database,
    redis,
    resetSql: reset,
    probeImage,
    toolsImage,
    metrics,
    hops,
  };
}

function limitsOf({ cpus, mem_limit: memory, deploy }: ComposeFile['services'][string]): Limits {
  const limits = deploy?.resources?.limits;
  return { cpus: (cpus ?? limits?.cpus) || undefined, memoryBytes: (memory ?? limits?.memory) || undefined };
}

/** A later file's services and blocks win, key by key, as Compose lays files over each other. */
function layOver(base: unknown, over: unknown): unknown {
  const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(over)) return over;
  const merged = Object.entries(over).map(([key, value]): [string, unknown] => [
    key,
    key in base ? layOver(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}
