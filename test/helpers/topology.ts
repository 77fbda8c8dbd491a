import { type Command, placeOf } from '../../harness/core/command.ts';
import type {
  ContainerCounters,
  ContainerRef,
  ContainerState,
  ContainerUsage,
  Health,
  ProxyRef,
  Residue,
  TopologySpec,
} from '../../harness/core/topology.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import type { UndoStep } from '../../harness/core/undo.ts';

const LIMITS = { cpus: undefined, memoryBytes: undefined };

export const SPEC: TopologySpec = {
  files: ['/project/docker-compose.chaos.yml'],
  project: 'chaos',
  services: {
    app: {
      name: 'app',
      replicas: 3,
      port: 3000,
      protocol: 'http',
      consumer: 'nginx',
      group: undefined,
      limits: LIMITS,
    },
    nginx: {
      name: 'nginx',
      replicas: 1,
      port: 80,
      protocol: 'http',
      consumer: 'app',
      group: undefined,
      limits: LIMITS,
    },
    'postgres-a': {
      name: 'postgres-a',
      replicas: 1,
      port: 5432,
      protocol: 'postgres',
      consumer: 'haproxy',
      group: 'postgres',
      limits: LIMITS,
    },
    'postgres-b': {
      name: 'postgres-b',
      replicas: 1,
      port: 5432,
      protocol: 'postgres',
      consumer: 'haproxy',
      group: 'postgres',
      limits: LIMITS,
    },
    haproxy: {
      name: 'haproxy',
      replicas: 1,
      port: 5000,
      protocol: 'postgres',
      consumer: 'app',
      group: undefined,
      limits: LIMITS,
    },
  },
  groups: { postgres: ['postgres-a', 'postgres-b'] },
  links: {
    'app-to-primary': {
      name: 'app-to-primary',
      from: 'app',
      to: 'postgres',
      proxy: 'app-to-primary',
      host: 'toxiproxy',
      port: 6001,
      protocol: 'postgres',
    },
    'app-to-redis': {
      name: 'app-to-redis',
      from: 'app',
      to: 'redis',
      proxy: 'app-to-redis',
      host: 'toxiproxy',
      port: 6003,
      protocol: 'redis',
    },
  },
  entry: 'http://127.0.0.1:18080',
  ready: '/health',
  toxiproxy: 'http://127.0.0.1:18474',
  database: 'postgres://wedsync:planted-secret@127.0.0.1:15432/wedsync',
  redis: 'redis://127.0.0.1:16379',
  resetSql: 'select wedsync_reset()',
  probeImage: 'chaos/app:dev',
  toolsImage: 'chaos/tools:dev',
  metrics: ['app'],
};

/** Methods of a topology by which a fault changes the world. */
export const ACTS = [
  'kill',
  'crash',
  'stop',
  'restart',
  'remove',
  'pause',
  'limit',
  'act',
  'disconnect',
  'addToxic',
  'disableProxy',
] as const;

/** A topology in memory: what is wrong with it is a set of words, and every act and undo step changes that set. */
export class MemoryTopology implements TopologyControl {
  readonly spec = SPEC;
  /** "stopped chaos-app-1", "toxic chaos-latency on app-to-primary", ... */
  readonly wrong = new Set<string>();
  /** All that was ever wrong: of a fault of a moment, nothing is left. */
  readonly wronged = new Set<string>();
  /** Acts in the order in which they were asked for. */
  readonly acts: string[] = [];
  /** The next act of this name happens and then fails, as when an answer is lost. */
  failAfter: string | undefined;

  #act(name: string, wrong: string): Promise<void> {
    this.acts.push(name);
    this.wrong.add(wrong);
    this.wronged.add(wrong);
    if (this.failAfter !== name) return Promise.resolve();
    return Promise.reject(new Error(`no answer to ${name}`));
  }

  resolve: TopologyControl['resolve'] = () => Promise.resolve([{ id: 'c1', name: 'chaos-app-1', service: 'app' }]);
  kill = (c: ContainerRef): Promise<void> => this.#act('kill', `stopped ${c.name}`);
  crash = (c: ContainerRef): Promise<void> => this.#act('crash', `stopped ${c.name}`);
  stop = (c: ContainerRef): Promise<void> => this.#act('stop', `stopped ${c.name}`);
  restart = (c: ContainerRef): Promise<void> => this.#act('restart', `stopped ${c.name}`);
  remove = (c: ContainerRef): Promise<void> => this.#act('remove', `missing ${c.name}`);
  limit: TopologyControl['limit'] = (c) => this.#act('limit', `limits of ${c.name}`);
  act = (command: Command): Promise<string> => this.#act('act', `changed ${placeOf(command)}`).then(() => '');
  /** What a command that only looks is answered. */
  answer: (command: Command) => string = () => '1';
  ask = (command: Command): Promise<string> => Promise.resolve(this.answer(command));
  offers = (): Promise<boolean> => Promise.resolve(true);
  pause = (c: ContainerRef): Promise<void> => this.#act('pause', `paused ${c.name}`);
  disconnect = (c: ContainerRef, network: string): Promise<void> => this.#act('disconnect', `${c.name} off ${network}`);
  proxy = (name: string): Promise<ProxyRef> => Promise.resolve({ name, listen: '[::]:6001', upstream: 'haproxy:5000' });
  addToxic = (p: ProxyRef, toxic: { name: string }): Promise<void> =>
    this.#act('addToxic', `toxic ${toxic.name} on ${p.name}`);
  disableProxy = (p: ProxyRef): Promise<void> => this.#act('disableProxy', `disabled ${p.name}`);

  undo = (step: UndoStep): Promise<void> => {
    this.acts.push(`undo ${step.do}`);
    this.wrong.delete(mended(step));
    return Promise.resolve();
  };

  inspect: TopologyControl['inspect'] = (c) =>
    Promise.resolve({
      container: c.name,
      status: 'running',
      running: true,
      paused: false,
      pid: 1,
      restarts: 0,
      startedAt: 0,
      finishedAt: 0,
      health: 'healthy',
      oomKilled: false,
      limits: { cpus: 1, memoryBytes: 268_435_456 },
      networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['app', c.name] } },
    });
  presence = (): Promise<'present'> => Promise.resolve('present');
  up = (): Promise<void> => Promise.resolve();
  down = (): Promise<void> => Promise.resolve();
  health = (): Promise<Health> => Promise.resolve({ healthy: this.wrong.size === 0, waitingFor: [...this.wrong] });
  residue = (): Promise<Residue[]> =>
    Promise.resolve([...this.wrong].map((what) => ({ kind: 'wrong', target: what, how_to_undo: `mend ${what}` })));
  restore = (): Promise<void> => {
    this.acts.push('restore');
    this.wrong.clear();
    return Promise.resolve();
  };
  reset = (): Promise<string> => Promise.resolve('fingerprint');
  usage = (): Promise<ContainerUsage[]> => Promise.resolve([]);
  counters = (): Promise<ContainerCounters> =>
    Promise.resolve({ cpu_ms: 0, throttled_ms: 0, memory_free: 134_217_728 });
  states = (): Promise<ContainerState[]> => Promise.resolve([]);
  logs = (): Promise<void> => Promise.resolve();
  query = (): Promise<Record<string, unknown>[]> => Promise.resolve([]);
  stdout = (): Promise<void> => Promise.resolve();
  witness = (): Promise<AsyncDisposable> => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
  datagrams = (): Promise<AsyncDisposable> => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
  describe = (): Promise<{ engine: string; images: Record<string, string> }> =>
    Promise.resolve({ engine: '26.1.5', images: {} });
  [Symbol.asyncDispose] = (): Promise<void> => Promise.resolve();
}

/** What an undo step takes out of the set of what is wrong. */
function mended(step: UndoStep): string {
  switch (step.do) {
    case 'start-container':
      return `stopped ${step.container.name}`;
    case 'unpause-container':
      return `paused ${step.container.name}`;
    case 'connect-network':
      return `${step.container.name} off ${step.network}`;
    case 'remove-toxic':
      return `toxic ${step.toxic} on ${step.proxy.name}`;
    case 'enable-proxy':
      return `disabled ${step.proxy.name}`;
    case 'set-limits':
      return `limits of ${step.container.name}`;
    case 'make-container':
      return `missing ${step.container.name}`;
    case 'command':
      return `changed ${placeOf(step.command)}`;
  }
}
