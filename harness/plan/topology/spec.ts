import { dirname, resolve } from 'node:path';
import type {
  Limits,
  LinkSpec,
  MonitoringSpec,
  NetworkSpec,
  ServiceSpec,
  TlsSpec,
  TopologySpec,
} from '../../core/topology/spec.ts';
import type { Monitoring } from '../monitoring.ts';
import { behind, listensAt } from './addresses.ts';
import type { Composed, ComposedService } from './shape.ts';

/** How a group is asked for roles when x-chaos does not say it. PostgreSQL answers whatever program manages it. */
const USUAL_ROLES = 'postgres';

/** Returns the topology as plain data. `digests`: see `digestsOf`. `wanted`: what shall watch it. */
export function specOf(
  files: readonly string[],
  composed: Composed,
  digests: Readonly<Record<string, string>>,
  wanted: Monitoring | undefined,
): TopologySpec {
  const { name: project, services, 'x-chaos': x } = composed;
  const groupOf = (service: string): string | undefined =>
    Object.entries(x.groups).find(([, members]) => members.includes(service))?.[0];
  const entrance = behind(services, x.entry);
  const awaited = new Set(Object.values(services).flatMap(awaitedEnds));
  const specs = Object.entries(services).map(([name, service]): [string, ServiceSpec] => {
    const { deploy, scale, container_name: containerName } = service;
    const said = x.services[name];
    const seen = listensAt(name, service, entrance);
    return [
      name,
      {
        name,
        replicas: deploy?.replicas ?? scale ?? 1,
        // Compose names an image that it builds after the project and the service.
        image: service.image ?? `${project}-${name}`,
        ...(digests[name] === undefined ? {} : { digest: digests[name] }),
        ...updateOf(service),
        containerName,
        port: said?.port ?? seen.port,
        protocol: said?.protocol ?? seen.protocol,
        consumer: said?.consumer,
        group: groupOf(name),
        ...(said?.follows === undefined ? {} : { follows: said.follows }),
        limits: limitsOf(service),
        networks: networksOf(service, composed.networks),
        ...(said?.one_shot === true || awaited.has(name) ? { oneShot: true as const } : {}),
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
    empty_redis: emptyRedis,
    probe_image: probeImage,
    tools_image: toolsImage,
    metrics,
    hops,
    groups,
    edge_cache: edgeCache,
    synchronous,
    jobs,
    connections,
    host_commands: hostCommands,
    autoscale,
    slo,
  } = x;
  const tls = tlsOf(composed);
  const monitoring = monitoringOf(files, composed, wanted);
  return {
    files,
    project,
    services: Object.fromEntries(specs),
    groups,
    roles: Object.fromEntries(Object.keys(groups).map((group) => [group, x.roles[group] ?? USUAL_ROLES])),
    links: Object.fromEntries(links),
    entry,
    entryService: entrance?.service,
    ...(tls === undefined ? {} : { tls }),
    ready,
    toxiproxy,
    database,
    redis,
    ...serversOf(composed),
    resetSql: reset,
    emptyRedis,
    makes: { networks: madeOf(composed.networks, project), volumes: madeOf(composed.volumes, project) },
    probeImage,
    toolsImage,
    metrics,
    hops,
    edgeCache,
    synchronous,
    jobs,
    connections,
    ...(hostCommands === undefined ? {} : { hostCommands }),
    ...(autoscale === undefined ? {} : { autoscale }),
    ...(slo === undefined ? {} : { slo }),
    ...(monitoring === undefined ? {} : { monitoring }),
  };
}

/** Returns what watches the topology. Undefined when nothing shall, and when the topology has nothing that could. */
function monitoringOf(
  [first = '']: readonly string[],
  { services, 'x-chaos': { monitoring } }: Composed,
  wanted: Monitoring | undefined,
): MonitoringSpec | undefined {
  if (wanted !== 'own') return wanted;
  if (monitoring === undefined) return undefined;
  const { profile, prometheus, alertmanager, pager, rules } = monitoring;
  const members = Object.entries(services).filter(([, service]) => service.profiles.includes(profile));
  return {
    profile,
    services: members.map(([name]) => name),
    prometheus,
    ...(alertmanager === undefined ? {} : { alertmanager }),
    ...(pager === undefined ? {} : { pager }),
    ...(rules === undefined ? {} : { rules: resolve(dirname(first), rules) }),
  };
}

function updateOf({ deploy }: ComposedService): Pick<ServiceSpec, 'update'> {
  const said = deploy?.update_config;
  if (said === undefined) return {};
  const { parallelism, delay, failure_action, monitor, max_failure_ratio, order } = said;
  const update = { parallelism, delayMs: delay, failureAction: failure_action, monitorMs: monitor, order };
  return { update: { ...update, maxFailureRatio: max_failure_ratio } };
}

/** Returns the services that must have ended with exit code 0 before this service starts. */
const awaitedEnds = ({ depends_on: others }: ComposedService): string[] =>
  Object.entries(others).flatMap(([name, { condition }]) =>
    condition === 'service_completed_successfully' ? [name] : [],
  );

/**
 * Returns which services are Toxiproxy and Redis. Toxiproxy is the service to which its address leads, or else the
 * first service that a link names in `listen`. Redis is the only service whose protocol is `redis`, or else the
 * service to which its address leads.
 */
function serversOf({ services, 'x-chaos': x }: Composed): Pick<TopologySpec, 'toxiproxyService' | 'redisService'> {
  const hosts = Object.values(x.links).map(({ listen }) => listen.split(':')[0] ?? '');
  const speaking = Object.entries(x.services).flatMap(([name, { protocol }]) => (protocol === 'redis' ? [name] : []));
  const [one, ...more] = speaking;
  return {
    toxiproxyService: behind(services, x.toxiproxy)?.service ?? hosts.find((host) => services[host] !== undefined),
    redisService: more.length === 0 && one !== undefined ? one : behind(services, x.redis)?.service,
  };
}

/** Returns the entry over TLS. Undefined when there is none, and when the service behind it is off. */
function tlsOf({ services, 'x-chaos': { tls } }: Composed): TlsSpec | undefined {
  const led = behind(services, tls?.entry);
  if (tls === undefined || led === undefined) return undefined;
  const { entry, name, authority, certificate: file, issue } = tls;
  const certificate = file === undefined || issue === undefined ? undefined : { file, issue };
  return { entry, ...led, name, authority, certificate };
}

function limitsOf({ cpus, mem_limit: memory, deploy }: ComposedService): Limits {
  const limits = deploy?.resources?.limits;
  return { cpus: (cpus ?? limits?.cpus) || undefined, memoryBytes: (memory ?? limits?.memory) || undefined };
}

/**
 * Returns the networks or volumes that Compose makes: the engine's name of each, by its key. Compose names each after
 * the project, unless the compose file gives a name.
 */
const madeOf = (all: Composed['networks'], project: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([, one]) => one?.external !== true)
      .map(([key, one]) => [key, one?.name ?? `${project}_${key}`]),
  );

/** Returns the networks of a service. Compose prints the engine's name of each network that a service uses. */
const networksOf = ({ networks }: ComposedService, known: Composed['networks']): NetworkSpec[] =>
  Object.entries(networks).map(([key, attached]) => ({
    name: known[key]?.name ?? key,
    aliases: attached?.aliases ?? [],
    ...(attached?.ipv4_address === undefined ? {} : { ip: attached.ipv4_address }),
  }));
