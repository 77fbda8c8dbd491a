import Docker from 'dockerode';
import { type Log, silent } from '../core/log.ts';
import type { ContainerRef, ContainerState, Limits } from '../core/topology.ts';
import type { LogPart } from '../core/topology-control.ts';
import { eachLine } from './container-log.ts';
import { CALL_MS, EngineCalls } from './engine-calls.ts';
import { execIn, type Said } from './exec.ts';
import { HELPER_LABEL, Helpers, PROJECT_LABEL, SERVICE_LABEL } from './helpers.ts';
import { NUMBER_LABEL, remadeAs } from './remake.ts';

/** Lines of a container's log that are asked for: the engine reads its files backwards for them, 120 ms for 5,000. */
const LOG_LINES = 8_000;
/** The kernel's usual period of a CPU quota, microseconds. */
const PERIOD_US = 100_000;
/** A container of the topology and where it stands among its service's replicas. */
export interface ListedContainer extends ContainerRef {
  /** 1-based. */
  readonly replica: number;
  readonly running: boolean;
  readonly image: string;
}

export interface NetworkAttachment {
  readonly ip: string;
  readonly aliases: readonly string[];
}

/** The one place that speaks with the Docker engine. Every call has a deadline. */
export class DockerControl {
  readonly #engine: EngineCalls;
  readonly helpers: Helpers;

  constructor(log: Log = silent) {
    this.#engine = new EngineCalls(new Docker(), log);
    this.helpers = new Helpers(this.#engine);
  }

  get #docker(): Docker {
    return this.#engine.docker;
  }

  #name(id: string): string {
    return this.#engine.name(id);
  }

  async version(): Promise<string> {
    const version = await this.#engine.call('version', this.#docker.version());
    return version.Version;
  }

  /** Containers of a compose project, stopped ones too, in the order of service and replica. */
  async list(project: string): Promise<ListedContainer[]> {
    const filters = { label: [`${PROJECT_LABEL}=${project}`] };
    const found = await this.#engine.call('list containers', this.#docker.listContainers({ all: true, filters }));
    const listed = found
      .map((c) => ({
        id: c.Id,
        name: (c.Names[0] ?? c.Id).replace(/^\//, ''),
        service: c.Labels[SERVICE_LABEL] ?? '',
        replica: Number(c.Labels[NUMBER_LABEL] ?? '1'),
        running: c.State === 'running',
        image: c.ImageID,
      }))
      .sort((a, b) => a.service.localeCompare(b.service) || a.replica - b.replica);
    listed.forEach(({ id, name }) => this.#engine.remember(id, name));
    return listed;
  }

  /** Removes every container, network and volume that carries one of our labels, whatever project it belongs to. */
  async removeLabelled(say: (line: string) => void): Promise<void> {
    const ours = ['chaos.topology', HELPER_LABEL];
    for (const label of ours) {
      const containers = await this.#engine.call(
        'list containers',
        this.#docker.listContainers({ all: true, filters: { label: [label] } }),
      );
      await Promise.all(
        containers.map(async (c) => {
          await this.#engine.idempotent(
            `remove ${this.#name(c.Id)}`,
            this.#docker.getContainer(c.Id).remove({ force: true, v: true }),
          );
          say(`removed container ${(c.Names[0] ?? c.Id).replace(/^\//, '')}`);
        }),
      );
      const networks = await this.#engine.call(
        'list networks',
        this.#docker.listNetworks({ filters: { label: [label] } }),
      );
      for (const network of networks) {
        await this.#engine.idempotent(`remove network ${network.Name}`, this.#docker.getNetwork(network.Id).remove());
        say(`removed network ${network.Name}`);
      }
      const { Volumes: volumes } = await this.#engine.call(
        'list volumes',
        this.#docker.listVolumes({ filters: { label: [label] } }),
      );
      for (const volume of volumes ?? []) {
        await this.#engine.idempotent(`remove volume ${volume.Name}`, this.#docker.getVolume(volume.Name).remove());
        say(`removed volume ${volume.Name}`);
      }
    }
  }

  async inspect(id: string): Promise<ContainerState> {
    const info = await this.#engine.call(`inspect ${this.#name(id)}`, this.#docker.getContainer(id).inspect());
    const epoch = (text: string): number => (text.startsWith('0001') ? 0 : Date.parse(text));
    const networks = Object.entries(info.NetworkSettings.Networks).map(
      ([name, n]) => [name, { ip: n.IPAddress, aliases: n.Aliases ?? [] }] as const,
    );
    return {
      container: info.Name.replace(/^\//, ''),
      status: info.State.Status,
      running: info.State.Running,
      paused: info.State.Paused,
      pid: info.State.Pid,
      restarts: info.RestartCount,
      startedAt: epoch(info.State.StartedAt),
      finishedAt: epoch(info.State.FinishedAt),
      health: info.State.Health?.Status ?? 'none',
      oomKilled: info.State.OOMKilled,
      limits: limitsOf(info.HostConfig),
      slowDisk: (info.HostConfig.BlkioDeviceWriteIOps ?? []).length > 0,
      networks: Object.fromEntries(networks),
    };
  }

  /** What it was started with, word by word. */
  async commandLine(id: string): Promise<readonly string[]> {
    const info = await this.#engine.call(`inspect ${this.#name(id)}`, this.#docker.getContainer(id).inspect());
    return [info.Path, ...info.Args];
  }

  kill = (id: string, signal = 'SIGKILL'): Promise<void> =>
    this.#engine.idempotent(`kill ${this.#name(id)} (${signal})`, this.#docker.getContainer(id).kill({ signal }));
  /** SIGTERM, then SIGKILL: the call lasts as long as that takes. */
  stop = (id: string, graceS: number): Promise<void> =>
    this.#engine.idempotent(
      `stop ${this.#name(id)}`,
      this.#docker.getContainer(id).stop({ t: graceS }),
      graceS * 1_000 + CALL_MS,
    );
  start = (id: string): Promise<void> =>
    this.#engine.idempotent(`start ${this.#name(id)}`, this.#docker.getContainer(id).start());
  pause = (id: string): Promise<void> =>
    this.#engine.idempotent(`pause ${this.#name(id)}`, this.#docker.getContainer(id).pause());
  unpause = (id: string): Promise<void> =>
    this.#engine.idempotent(`unpause ${this.#name(id)}`, this.#docker.getContainer(id).unpause());
  remove = (id: string): Promise<void> =>
    this.#engine.idempotent(`remove ${this.#name(id)}`, this.#docker.getContainer(id).remove({ force: true }));
  restart = (id: string, graceS = 1): Promise<void> =>
    this.#engine.idempotent(
      `restart ${this.#name(id)}`,
      this.#docker.getContainer(id).restart({ t: graceS }),
      graceS * 1_000 + CALL_MS,
    );

  /** The same container anew with another name and number among its service's replicas; answers its id. Not started. */
  async remake(from: ListedContainer, name: string, replica: number): Promise<string> {
    const old = this.#docker.getContainer(from.id);
    const info = await this.#engine.call(`inspect ${from.name}`, old.inspect());
    await this.remove(from.id);
    const made = this.#docker.createContainer(remadeAs(info, name, replica));
    const { id } = await this.#engine.call(`make ${name}`, made, 'info');
    this.#engine.remember(id, name);
    return id;
  }

  /** A limit that is not there is, for the engine, a quota of -1; one set in whole cores can only be replaced by another such. */
  async limit(id: string, { cpus, memoryBytes }: Limits): Promise<void> {
    const info = await this.#engine.call(`inspect ${this.#name(id)}`, this.#docker.getContainer(id).inspect());
    const byCores = (info.HostConfig.NanoCpus ?? 0) > 0 && cpus !== undefined;
    const cpu = byCores
      ? { NanoCpus: Math.round(cpus * 1e9) }
      : { CpuPeriod: PERIOD_US, CpuQuota: cpus === undefined ? -1 : Math.round(cpus * PERIOD_US) };
    // The engine's own default for swap is as much again.
    const memory =
      memoryBytes === undefined ? { MemorySwap: -1 } : { Memory: memoryBytes, MemorySwap: 2 * memoryBytes };
    await this.#engine.call(
      `limit ${this.#name(id)}`,
      this.#docker.getContainer(id).update({ ...cpu, ...memory }),
      'info',
    );
  }

  /** Runs a command in a container; its exit code is the caller's to judge. */
  exec(id: string, run: readonly string[], user: string | undefined, deadlineMs: number): Promise<Said> {
    const container = this.#docker.getContainer(id);
    return this.#engine.call(
      `run ${run[0] ?? ''} in ${this.#name(id)}`,
      execIn(container, run, user),
      'debug',
      deadlineMs,
    );
  }

  async disconnect(id: string, network: string): Promise<void> {
    await this.#engine.idempotent(
      `disconnect ${this.#name(id)} from ${network}`,
      this.#docker.getNetwork(network).disconnect({ Container: id, Force: true }),
    );
  }

  /** Address and aliases are given back: without them the container is there and nobody finds it. */
  async connect(id: string, network: string, attachment: NetworkAttachment): Promise<void> {
    const endpoint = {
      Aliases: [...attachment.aliases],
      ...(attachment.ip === '' ? {} : { IPAMConfig: { IPv4Address: attachment.ip } }),
    };
    const work = this.#docker.getNetwork(network).connect({ Container: id, EndpointConfig: endpoint });
    const unlessThere = work.catch((error: unknown) => {
      if (!/already exists|already connected/i.test((error as Error).message)) throw error;
    });
    await this.#engine.idempotent(`connect ${this.#name(id)} to ${network}`, unlessThere);
  }

  /** Networks of a compose project. */
  async networks(project: string): Promise<string[]> {
    const filters = { label: [`${PROJECT_LABEL}=${project}`] };
    const found = await this.#engine.call('list networks', this.#docker.listNetworks({ filters }));
    return found.map((n) => n.Name);
  }

  /** The last lines of what a container wrote since then (epoch milliseconds), framed as the engine sends them. */
  log(id: string, since: number): Promise<Buffer> {
    const options = { stdout: true, stderr: true, timestamps: true, tail: LOG_LINES, since: Math.floor(since / 1_000) };
    const work = this.#docker.getContainer(id).logs({ ...options, follow: false });
    return this.#engine.call(`log of ${this.#name(id)}`, work);
  }

  /** One sample of the engine's counters. */
  async counters(id: string): Promise<Counters> {
    const stats = await this.#engine.call(
      `stats of ${this.#name(id)}`,
      this.#docker.getContainer(id).stats({ stream: false, 'one-shot': true }),
    );
    // A container that stops meanwhile answers with empty blocks.
    const networks = Object.values((stats.networks ?? {}) as Record<string, { rx_bytes: number; tx_bytes: number }>);
    const memory = stats.memory_stats as {
      usage?: number;
      limit?: number;
      stats?: { inactive_file?: number; total_inactive_file?: number };
    };
    const cached = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
    return {
      at: Date.parse(stats.read),
      cpuNs: stats.cpu_stats.cpu_usage.total_usage,
      throttledNs: stats.cpu_stats.throttling_data.throttled_time,
      memory: memory.usage === undefined ? null : memory.usage - cached,
      memoryLimit: memory.limit ?? null,
      networkBytes: networks.reduce((sum, n) => sum + n.rx_bytes + n.tx_bytes, 0),
    };
  }

  /** What a container wrote to stdout, line by line. A stopped one tells as well. */
  async stdout(id: string, { since, last }: LogPart, onLine: (line: string) => void): Promise<void> {
    const query = { follow: false, stdout: true, stderr: false, since: since / 1_000, tail: last } as const;
    const frames = await this.#engine.call('logs', this.#docker.getContainer(id).logs(query));
    eachLine(frames, onLine);
  }
}

export interface Counters {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuNs: number;
  readonly throttledNs: number;
  readonly memory: number | null;
  readonly memoryLimit: number | null;
  readonly networkBytes: number;
}

function limitsOf({ NanoCpus, CpuQuota, CpuPeriod, Memory }: Docker.HostConfig): Limits {
  const byQuota = (CpuQuota ?? 0) > 0 ? (CpuQuota ?? 0) / (CpuPeriod || PERIOD_US) : undefined;
  return {
    cpus: (NanoCpus ?? 0) > 0 ? (NanoCpus ?? 0) / 1e9 : byQuota,
    memoryBytes: (Memory ?? 0) > 0 ? Memory : undefined,
  };
}
