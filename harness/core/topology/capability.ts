import { ChaosError } from '../errors.ts';
import type { TopologySpec } from './spec.ts';

interface Gift {
  /** Completes "needs": "SQL on the primary of the database". */
  readonly means: string;
  /** What a person writes in the compose file to have the capability. */
  readonly write: string;
  has(spec: TopologySpec): boolean;
}

const gift = (gift: Gift): Gift => gift;

/** What a topology can do, as far as its compose files and their `x-chaos` block describe it. */
const CAPABILITIES = {
  containers: gift({
    means: 'containers that the engine can act on',
    write: 'a service',
    has: ({ services }) => Object.keys(services).length > 0,
  }),
  packets: gift({
    means: 'a container with a network of its own',
    write: 'a service without network_mode',
    has: ({ services }) => Object.values(services).some(({ networks }) => networks?.length !== 0),
  }),
  links: gift({
    means: 'links that run through Toxiproxy',
    write: 'x-chaos.toxiproxy and x-chaos.links',
    has: ({ toxiproxy, links }) => toxiproxy !== undefined && Object.keys(links).length > 0,
  }),
  sql: gift({
    means: 'SQL on the primary of a database',
    write: 'x-chaos.database: the URL of the primary, on 127.0.0.1',
    has: ({ database }) => database !== undefined,
  }),
  redis: gift({
    means: 'a Redis that answers commands',
    write: 'x-chaos.redis: the URL of Redis, on 127.0.0.1',
    has: ({ redis }) => redis !== undefined,
  }),
  roles: gift({
    means: 'services with the roles primary and standby',
    write: 'x-chaos.groups: { NAME: [the members of the database] }',
    has: ({ groups }) => Object.keys(groups).length > 0,
  }),
  reset: gift({
    means: 'data that can be put back to what it was',
    write: 'x-chaos.database and x-chaos.reset, or x-chaos.redis and x-chaos.empty_redis',
    has: ({ database, resetSql, redis, emptyRedis }) =>
      (database !== undefined && resetSql !== undefined) || (redis !== undefined && emptyRedis === true),
  }),
  writes: gift({
    means: 'a database in which acknowledged writes can be looked up',
    write: 'x-chaos.database: the URL of the primary, on 127.0.0.1',
    has: ({ database }) => database !== undefined,
  }),
  hops: gift({
    means: 'two services that log the id of every request',
    write: 'x-chaos.hops: { edge: SERVICE, app: SERVICE }',
    has: ({ hops }) => hops !== undefined,
  }),
  caches: gift({
    means: 'caches that say whether they had what was asked for',
    write: 'x-chaos.metrics: [SERVICE], or x-chaos.edge_cache',
    has: ({ metrics, edgeCache }) => metrics.length > 0 || edgeCache !== undefined,
  }),
  tls: gift({
    means: 'an entry over TLS',
    write: 'x-chaos.tls: { entry: https://127.0.0.1:PORT, name: HOST, authority: PATH }',
    has: ({ tls }) => tls !== undefined,
  }),
  certificate: gift({
    means: 'a certificate that can be replaced',
    write: 'x-chaos.tls with certificate and issue',
    has: ({ tls }) => tls?.certificate !== undefined,
  }),
  jobs: gift({
    means: 'a queue of jobs in the database',
    write: 'x-chaos.database and x-chaos.jobs',
    has: ({ database, jobs }) => database !== undefined && jobs !== undefined,
  }),
  prometheus: gift({
    means: 'a Prometheus that watches the run',
    write: 'x-chaos.monitoring, and in the experiment monitoring: true or monitoring: { prometheus: URL }',
    has: ({ monitoring }) => monitoring !== undefined,
  }),
  alerts: gift({
    means: 'alerts whose delivery is kept',
    write: 'x-chaos.monitoring with alertmanager and pager, and in the experiment monitoring: true',
    has: ({ monitoring }) => monitoring?.alertmanager !== undefined && monitoring.pager !== undefined,
  }),
};

export type Capability = keyof typeof CAPABILITIES;

const NAMES = Object.keys(CAPABILITIES) as Capability[];

/** A feature of the kernel that not every machine has. `Topology.offers` says whether this machine has it. */
export type MachineFeature = 'netem' | 'write limit';

/** What a fault, a check or a probe needs of the topology or of the machine. */
export type Requirement = Capability | MachineFeature;

export const isCapability = (requirement: Requirement): requirement is Capability =>
  (NAMES as readonly Requirement[]).includes(requirement);

export const isFeature = (requirement: Requirement): requirement is MachineFeature => !isCapability(requirement);

/** Says whether the topology has the capability. */
export const can = (spec: TopologySpec, capability: Capability): boolean => CAPABILITIES[capability].has(spec);

export const capabilitiesOf = (spec: TopologySpec): ReadonlySet<Capability> =>
  new Set(NAMES.filter((name) => can(spec, name)));

/** Returns the needed capabilities that the topology does not have. Features of the machine are left out. */
export function lacking(spec: TopologySpec, needed: readonly Requirement[] = []): readonly Capability[] {
  const there = capabilitiesOf(spec);
  return needed.filter(isCapability).filter((capability) => !there.has(capability));
}

/** Says in words that something needs capabilities which the topology does not have, and what would give them. */
export function describeLack(
  what: string,
  lacking: readonly Capability[],
): { readonly what: string; readonly hint: string } {
  const needs = lacking.map((name) => `"${name}" (${CAPABILITIES[name].means})`).join(' and ');
  const write = lacking.map((name) => CAPABILITIES[name].write).join(', and ');
  const [noun, pronoun] = lacking.length === 1 ? ['capability', 'it'] : ['capabilities', 'them'];
  return {
    what: `${what} needs the ${noun} ${needs}, and the topology does not have ${pronoun}`,
    hint: `In the compose file, this gives ${pronoun}: ${write}. \`chaos explain CHAOS_LACKS\` says more.`,
  };
}

/** The error of a call that needs a capability which the topology does not have. */
export const lackError = (what: string, capability: Capability): ChaosError =>
  new ChaosError('CHAOS_LACKS', { ...describeLack(what, [capability]), exit: 'bad-input' });
