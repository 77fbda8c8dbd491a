import { candidates } from '../../../../harness/core/topology/aim.ts';
import type { LinkSpec, ServiceSpec, TopologySpec } from '../../../../harness/core/topology/spec.ts';
import { imageId } from './images.ts';
import type { Container, Process, World } from './world.ts';

const MIB = 1_048_576;
/** The disk under all containers, as the kernel numbers it. */
export const DISK = '254:0';
export const REDIS_FOLDER = '/data';
export const DATA_DIRECTORY = '/var/lib/postgresql/data';

/** The process id of a container's main process. Process 1 is an init. */
export const MAIN = '7';
/** The limit of open files of a process that the engine starts in a container. */
export const NOFILE = 1_024;

const process = (command: string, user: string, nofile: number): Process => ({
  command,
  user,
  stopped: false,
  nofile,
  oomScore: 0,
});

const UPSTREAMS: Readonly<Record<string, string>> = { postgres: 'haproxy:5000', redis: 'redis:6379' };

const proxy = ({ proxy: name, port, to }: LinkSpec) =>
  [name, { listen: `[::]:${port}`, upstream: UPSTREAMS[to] ?? to, enabled: true, toxics: {} }] as const;

/** A container as the engine starts it. `n` numbers the containers of the topology. */
function container(
  spec: TopologySpec,
  { name: service, protocol, group, limits, image = service }: ServiceSpec,
  name: string,
  n: number,
): Container {
  const attachment = (subnet: number) => ({ ip: `172.30.${subnet}.${n}`, aliases: [service, name], queue: undefined });
  return {
    service,
    state: 'running',
    health: 'healthy',
    image: imageId(image),
    limits,
    networks: {
      chaos_wedsync: attachment(77),
      ...(group === undefined ? {} : { chaos_data: attachment(78) }),
    },
    inside: {
      processes: {
        1: process('docker-init', 'root', 1_048_576),
        [MAIN]: process(group === undefined ? service : 'patroni', service, 65_536),
        // Each node has the process that replays the log, so that each can be the standby.
        ...(group === undefined ? {} : { 20: process('postgres: startup', 'postgres', 4_096) }),
      },
      rules: ['-t nat -A DOCKER_OUTPUT -d 127.0.0.11 -p udp --dport 53 -j DNAT --to-destination 127.0.0.11:40001'],
      mounts: { '/dev/shm': { kind: 'tmpfs', free: 64 * MIB, files: {} } },
      writesPerS: { [DISK]: group === undefined ? 0 : 500 },
      sessions: {},
      ...(protocol === 'redis' ? { redis: redis() } : {}),
      ...(service === 'toxiproxy' ? { proxies: Object.fromEntries(Object.values(spec.links).map(proxy)) } : {}),
    },
  };
}

/** No setting has Redis' own default: an undo that sets a default sets a wrong value. */
const redis = () => ({
  settings: {
    dir: REDIS_FOLDER,
    maxmemory: String(512 * MIB),
    'maxmemory-policy': 'volatile-lru',
    'stop-writes-on-bgsave-error': 'no',
  },
  pausedMs: 0,
  lastSave: 'ok' as const,
});

const table = () => ({ policies: {}, rowSecurity: false, forced: false });

/** Returns the world of a topology that is up, and with which nothing is wrong. */
export function soundWorld(spec: TopologySpec): World {
  const containers: Record<string, Container> = {};
  const volumes: World['volumes'] = {};
  for (const service of Object.values(spec.services)) {
    for (const name of candidates(spec, { service: service.name })) {
      containers[name] = container(spec, service, name, Object.keys(containers).length + 4);
      if (service.protocol === 'redis')
        volumes[name] = { files: { [`${REDIS_FOLDER}/dump.rdb`]: ['keys'] }, modes: { [REDIS_FOLDER]: '750' } };
      const certificate = service.name === spec.tls?.service ? spec.tls.certificate?.file : undefined;
      if (certificate !== undefined)
        volumes[name] = { files: { [certificate]: ['certificate of wedsync.test', 'key'] }, modes: {} };
      if (service.group !== undefined)
        volumes[name] = { files: { [`${DATA_DIRECTORY}/postgresql.base.conf`]: ['max_connections = 100'] }, modes: {} };
    }
  }
  return { containers, volumes, tables: { weddings: table(), timeline_items: table() }, outbox: [] };
}
