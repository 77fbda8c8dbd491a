import { Writable } from 'node:stream';
import Docker from 'dockerode';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import { type Log, logged, type LogLevel, silent } from '../core/log.ts';
import type { ContainerRef, ContainerState } from '../core/topology.ts';
import { eachLine } from './container-log.ts';

/** Milliseconds that one engine call may take: far above what it needs, below what a person would wait. */
const CALL_MS = 10_000;
/** Lines of a container's log that are asked for: the engine reads its files backwards for them, 120 ms for 5,000. */
const LOG_LINES = 8_000;
const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';
const NUMBER_LABEL = 'com.docker.compose.container-number';
/** Marks helper containers of ours; the value is the project they look at. */
const HELPER_LABEL = 'chaos.helper';
/** Compose labels the images that it builds with the project and the service: a container of ours would pass for one of theirs. */
const NOT_OF_COMPOSE = { [PROJECT_LABEL]: '', [SERVICE_LABEL]: '' };

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

/** True for an engine's answer that the state asked for is there already, or that the thing is gone. */
function isHarmless(error: unknown): boolean {
  const status = (error as { statusCode?: number }).statusCode;
  const text = (error as Error).message;
  if (status === 304 || status === 404) return true;
  // Unpausing what is not paused is a 500.
  if (status === 500) return /is not paused/i.test(text);
  return status === 409 && /not paused|already|is not running|in progress/i.test(text);
}

/** The one place that speaks with the Docker engine. Every call has a deadline. */
export class DockerControl {
  readonly #docker: Docker;
  readonly #log: Log;
  /** Names by id, of what was listed: for the log. */
  readonly #names = new Map<string, string>();

  constructor(log: Log = silent) {
    this.#docker = new Docker();
    this.#log = log;
  }

  #name(id: string): string {
    return this.#names.get(id) ?? id.slice(0, 12);
  }

  async #call<T>(what: string, work: Promise<T>, level: LogLevel = 'debug'): Promise<T> {
    try {
      const timely = withDeadline(`the engine (${what})`, CALL_MS, work);
      return await logged(this.#log, { to: 'engine', what, level }, timely);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EACCES') {
        throw new ChaosError('CHAOS_ENGINE_UNREACHABLE', {
          what: 'the Docker engine does not answer',
          hint: 'Start it, or run `npx chaos setup`; `npx chaos doctor` says more.',
          exit: 'not-ready',
          cause: error,
        });
      }
      throw error;
    }
  }

  async version(): Promise<string> {
    const version = await this.#call('version', this.#docker.version());
    return version.Version;
  }

  /** Containers of a compose project, stopped ones too, in the order of service and replica. */
  async list(project: string): Promise<ListedContainer[]> {
    const filters = { label: [`${PROJECT_LABEL}=${project}`] };
    const found = await this.#call('list containers', this.#docker.listContainers({ all: true, filters }));
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
    listed.forEach(({ id, name }) => this.#names.set(id, name));
    return listed;
  }

  /** Removes every container, network and volume that carries one of our labels, whatever project it belongs to. */
  async removeLabelled(say: (line: string) => void): Promise<void> {
    const ours = ['chaos.topology', HELPER_LABEL];
    for (const label of ours) {
      const containers = await this.#call(
        'list containers',
        this.#docker.listContainers({ all: true, filters: { label: [label] } }),
      );
      await Promise.all(
        containers.map(async (c) => {
          await this.#idempotent(
            `remove ${this.#name(c.Id)}`,
            this.#docker.getContainer(c.Id).remove({ force: true, v: true }),
          );
          say(`removed container ${(c.Names[0] ?? c.Id).replace(/^\//, '')}`);
        }),
      );
      const networks = await this.#call('list networks', this.#docker.listNetworks({ filters: { label: [label] } }));
      for (const network of networks) {
        await this.#idempotent(`remove network ${network.Name}`, this.#docker.getNetwork(network.Id).remove());
        say(`removed network ${network.Name}`);
      }
      const { Volumes: volumes } = await this.#call(
        'list volumes',
        this.#docker.listVolumes({ filters: { label: [label] } }),
      );
      for (const volume of volumes ?? []) {
        await this.#idempotent(`remove volume ${volume.Name}`, this.#docker.getVolume(volume.Name).remove());
        say(`removed volume ${volume.Name}`);
      }
    }
  }

  async inspect(id: string): Promise<ContainerState> {
    const info = await this.#call(`inspect ${this.#name(id)}`, this.#docker.getContainer(id).inspect());
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
      networks: Object.fromEntries(networks),
    };
  }

  /** Gone or in the wanted state already is success. */
  async #idempotent(what: string, work: Promise<unknown>): Promise<void> {
    const unlessHarmless = work.catch((error: unknown) => {
      if (!isHarmless(error)) throw error;
    });
    await this.#call(what, unlessHarmless, 'info');
  }

  kill = (id: string): Promise<void> =>
    this.#idempotent(`kill ${this.#name(id)}`, this.#docker.getContainer(id).kill({ signal: 'SIGKILL' }));
  start = (id: string): Promise<void> =>
    this.#idempotent(`start ${this.#name(id)}`, this.#docker.getContainer(id).start());
  pause = (id: string): Promise<void> =>
    this.#idempotent(`pause ${this.#name(id)}`, this.#docker.getContainer(id).pause());
  unpause = (id: string): Promise<void> =>
    this.#idempotent(`unpause ${this.#name(id)}`, this.#docker.getContainer(id).unpause());
  remove = (id: string): Promise<void> =>
    this.#idempotent(`remove ${this.#name(id)}`, this.#docker.getContainer(id).remove({ force: true }));
  restart = (id: string): Promise<void> =>
    this.#idempotent(`restart ${this.#name(id)}`, this.#docker.getContainer(id).restart({ t: 1 }));

  async disconnect(id: string, network: string): Promise<void> {
    await this.#idempotent(
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
    await this.#idempotent(`connect ${this.#name(id)} to ${network}`, unlessThere);
  }

  /** Networks of a compose project. */
  async networks(project: string): Promise<string[]> {
    const filters = { label: [`${PROJECT_LABEL}=${project}`] };
    const found = await this.#call('list networks', this.#docker.listNetworks({ filters }));
    return found.map((n) => n.Name);
  }

  /** The last lines of what a container wrote since then (epoch milliseconds), framed as the engine sends them. */
  log(id: string, since: number): Promise<Buffer> {
    const options = { stdout: true, stderr: true, timestamps: true, tail: LOG_LINES, since: Math.floor(since / 1_000) };
    const work = this.#docker.getContainer(id).logs({ ...options, follow: false });
    return this.#call(`log of ${this.#name(id)}`, work);
  }

  /** One sample of the engine's counters. */
  async counters(id: string): Promise<Counters> {
    const stats = await this.#call(
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
      memory: memory.usage === undefined ? null : memory.usage - cached,
      memoryLimit: memory.limit ?? null,
      networkBytes: networks.reduce((sum, n) => sum + n.rx_bytes + n.tx_bytes, 0),
    };
  }

  /** What a container wrote to stdout since then (epoch milliseconds), line by line. A stopped one tells as well. */
  async stdout(id: string, since: number, onLine: (line: string) => void): Promise<void> {
    const query = { follow: false, stdout: true, stderr: false, since: since / 1_000 } as const;
    const frames = await this.#call('logs', this.#docker.getContainer(id).logs(query));
    eachLine(frames, onLine);
  }

  /**
   * Starts a helper that shares a container's network namespace and removes itself when its input closes, so that it
   * cannot outlive whoever started it. `onLine` gets what it prints.
   */
  async helper(options: HelperOptions, onLine: (line: string) => void): Promise<AsyncDisposable> {
    const container = await this.#call(
      'create helper',
      this.#docker.createContainer({
        Image: options.image,
        Cmd: ['node', '--input-type=module', '-e', options.script],
        Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`),
        Labels: { ...NOT_OF_COMPOSE, [HELPER_LABEL]: options.project, 'chaos.run': options.run },
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        Entrypoint: [],
        Healthcheck: { Test: ['NONE'] },
        HostConfig: {
          NetworkMode: `container:${options.netns}`,
          AutoRemove: true,
          Memory: 128 * 1024 * 1024,
          LogConfig: { Type: 'none', Config: {} },
        },
      }),
    );
    const stream = await this.#call(
      'attach helper',
      container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }),
    );
    let pending = '';
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        pending += chunk.toString('utf8');
        const lines = pending.split('\n');
        pending = lines.pop() ?? '';
        lines.forEach(onLine);
        done();
      },
    });
    const complaints = new Writable({ write: (_chunk, _encoding, done) => done() });
    container.modem.demuxStream(stream, sink, complaints);
    stream.on('error', () => undefined);
    await this.#call('start helper', container.start(), 'info');
    return {
      [Symbol.asyncDispose]: async () => {
        stream.end();
        await this.remove(container.id);
      },
    };
  }

  /** Helpers of a project, left ones included. */
  async helpers(project: string): Promise<{ id: string; name: string; run: string }[]> {
    const filters = { label: [`${HELPER_LABEL}=${project}`] };
    const found = await this.#call('list helpers', this.#docker.listContainers({ all: true, filters }));
    return found.map((c) => ({
      id: c.Id,
      name: (c.Names[0] ?? c.Id).replace(/^\//, ''),
      run: c.Labels['chaos.run'] ?? '',
    }));
  }

  /** SIGKILL of a process by its number on the host, from a helper in the host's process namespace. */
  async killFromHostNamespace(image: string, project: string, pid: number): Promise<void> {
    const container = await this.#call(
      'create helper',
      this.#docker.createContainer({
        Image: image,
        Cmd: ['node', '-e', `process.kill(${pid}, 'SIGKILL')`],
        Entrypoint: [],
        User: '0',
        Labels: { ...NOT_OF_COMPOSE, [HELPER_LABEL]: project },
        HostConfig: { PidMode: 'host', Privileged: true, AutoRemove: true },
      }),
    );
    await this.#call('start helper', container.start(), 'info');
  }
}

export interface Counters {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuNs: number;
  readonly memory: number | null;
  readonly memoryLimit: number | null;
  readonly networkBytes: number;
}

export interface HelperOptions {
  readonly image: string;
  readonly project: string;
  readonly run: string;
  /** Container whose network namespace is shared. */
  readonly netns: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}
