import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ChaosError } from '../core/errors.ts';
import type { LinkSpec, ServiceSpec, TopologySpec } from '../core/topology.ts';
import { type Env, interpolate } from './interpolate.ts';

const protocol = z.enum(['postgres', 'redis', 'http', 'tcp']);
const local = z.string().regex(/^\w+:\/\/(?:[^@/]*@)?127\.0\.0\.1:\d+/, { error: 'must be an address on 127.0.0.1 with a port' });

/** The block with which a compose file describes itself to the harness; Compose ignores it. */
const block = z.strictObject({
  entry: local,
  ready: z.string().startsWith('/'),
  toxiproxy: local,
  database: local,
  redis: local,
  reset: z.string(),
  probe_image: z.string(),
  metrics: z.array(z.string()).default([]),
  groups: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  services: z.record(z.string(), z.strictObject({ port: z.int().optional(), protocol: protocol.default('tcp'), consumer: z.string().optional() })).default({}),
  links: z.record(
    z.string(),
    z.strictObject({ from: z.string(), to: z.string(), proxy: z.string(), listen: z.string().regex(/^[\w.-]+:\d+$/), protocol: protocol.default('tcp') }),
  ),
});

const compose = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), z.looseObject({ deploy: z.looseObject({ replicas: z.coerce.number().int().optional() }).optional() })),
  'x-chaos': block,
});

const bad = (file: string, what: string, hint: string, cause?: unknown): ChaosError =>
  new ChaosError('CHAOS_TOPOLOGY_INVALID', { what, hint, exit: 'bad-input', file, cause });

/** What compose files say of the topology, laid over each other in their order; CHAOS_TOPOLOGY_INVALID. Asks nothing of Docker. */
export function readTopology(files: readonly string[], env: Env): TopologySpec {
  const first = files[0] ?? '';
  const merged: Record<string, unknown> = {};
  for (const file of files) Object.assign(merged, mergeTop(merged, readCompose(file, env)));
  if (merged['x-chaos'] === undefined) {
    throw bad(first, 'this compose file has no "x-chaos" block', 'Without it nobody knows its links and addresses: see docker-compose.chaos.yml for one.');
  }
  const parsed = compose.safeParse(merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw bad(first, `"${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`, 'See docker-compose.chaos.yml for a sound one.');
  }
  const { name: project, services, 'x-chaos': x } = parsed.data;
  const groupOf = (service: string): string | undefined => Object.entries(x.groups).find(([, members]) => members.includes(service))?.[0];
  const specs = Object.entries(services).map(([name, service]): [string, ServiceSpec] => {
    const { port, protocol: speaks, consumer } = x.services[name] ?? { port: undefined, protocol: 'tcp' as const, consumer: undefined };
    return [name, { name, replicas: service.deploy?.replicas ?? 1, port, protocol: speaks, consumer, group: groupOf(name) }];
  });
  const links = Object.entries(x.links).map(([name, { listen, ...link }]): [string, LinkSpec] => {
    const [host = '', port = ''] = listen.split(':');
    return [name, { name, ...link, host, port: Number(port) }];
  });
  const { entry, ready, toxiproxy, database, redis, reset, probe_image: probeImage, metrics, groups } = x;
  return {
    files, project, services: Object.fromEntries(specs), groups, links: Object.fromEntries(links),
    entry, ready, toxiproxy, database, redis, resetSql: reset, probeImage, metrics,
  };
}

function readCompose(file: string, env: Env): Record<string, unknown> {
  try {
    const raw: unknown = parse(readFileSync(file, 'utf8'), { merge: true, maxAliasCount: 1_000 });
    const value = interpolate(raw, env);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw bad(file, 'the topology cannot be read', 'It must be a compose file: docker compose -f FILE config says more.', cause);
  }
  throw bad(file, 'this is not a compose file', 'Name one, for example ../docker-compose.chaos.yml.');
}

/** A later file's services and blocks win, key by key, as Compose lays files over each other. */
function mergeTop(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const maps = (a: unknown, b: unknown): a is Record<string, unknown> => typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && !Array.isArray(b);
  const merged = Object.entries(over).map(([key, value]): [string, unknown] => {
    const before = base[key];
    return [key, maps(before, value) ? { ...before, ...mergeTop(before, value as Record<string, unknown>) } : value];
  });
  return Object.fromEntries(merged);
}
