import Docker from 'dockerode';
import { type Log, silent } from '../../core/log.ts';
import type { LifeListener } from '../../core/topology/life.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import type { ImageRef } from '../../core/topology/replacing.ts';
import type { LimitChange, Limits, TopologySpec } from '../../core/topology/spec.ts';
import type { LogPart } from '../../core/topology/control.ts';
import { eachLine } from './container-log.ts';
import { followLives } from './lives.ts';
import { engineAt } from './engine/address.ts';
import { connectTo, forgetAddresses, type NetworkAttachment, startAt } from './engine/claimed-address.ts';
import { type Counters, countersOf, type ListedContainer, listedOf, stateOf } from './engine/answers.ts';
import { CALL_MS, EngineCalls } from './engine/calls.ts';
import { refusedWith } from './engine/error.ts';
import { updateOf, withLimits } from './engine/limits.ts';
import { execIn, type Said } from './exec.ts';
import { Helpers, ONE_OFF_LABEL } from './helpers.ts';
import { type Making, makingOf, memberLabels, remainsOf, removeLabelled, removeMade } from './making/made.ts';
import { nextMadeOf } from './making/next.ts';
import { ADDED_LABEL, remadeAs } from './making/remake.ts';

/**
 * Lines that are read from the end of a container's log. The engine reads its files backwards for them: 120 ms for
 * 5,000 lines.
 */
const LOG_LINES = 8_000;

export type { Counters, ListedContainer } from './engine/answers.ts';

/** Calls the Docker engine. Every call has a deadline. */
export class DockerControl {
  readonly #engine: EngineCalls;
  readonly helpers: Helpers;

  /** `env` says where the engine is: see `engineAt`. */
  constructor(log: Log = silent, env: Readonly<Record<string, string | undefined>> = process.env) {
    this.#engine = new EngineCalls(new Docker(engineAt(env)), log);
    this.helpers = new Helpers(this.#engine);
  }

  get #docker(): Docker {
    return this.#engine.docker;
  }

  #name(id: string): string {
    return this.#engine.name(id);
  }

  /** Where the engine is asked: the path of a socket, or an address. */
  get endpoint(): string {
    const { socketPath, host, port } = this.#docker.modem as { socketPath?: unknown; host?: string; port?: unknown };
    if (typeof socketPath === 'string') return socketPath;
    return host === undefined ? 'the usual socket' : `${host}:${String(port)}`;
  }

  /** Returns the ID that the engine gave itself when it was installed. It outlives a restart. */
  async id(): Promise<string> {
    return this.#engine.call('id', async () => {
      const { ID: id } = (await this.#docker.info()) as { ID?: unknown };
      if (typeof id !== 'string' || id === '') throw new TypeError('it names no ID');
      return id;
    });
  }

  async version(): Promise<string> {
    return this.#engine.call('version', async () => {
      const { Version: version } = await this.#docker.version();
      if (typeof version !== 'string') throw new TypeError('it names no version');
      return version;
    });
  }

  /** Returns the containers of a compose project, stopped containers too, sorted by service and replica. */
  async list(project: string): Promise<ListedContainer[]> {
    const filters = { label: memberLabels(project) };
    const listed = await this.#engine.call('list containers', async () =>
      (await this.#docker.listContainers({ all: true, filters }))
        // Leaves out containers that `docker compose run` made for one command.
        .filter((c) => c.Labels[ONE_OFF_LABEL] !== 'True')
        .map(listedOf)
        .sort((a, b) => a.service.localeCompare(b.service) || a.replica - b.replica),
    );
    listed.forEach(({ id, name }) => this.#engine.remember(id, name));
    return listed;
  }

  /** Removes every container, network and volume with a label of the harness, in every project. */
  removeLabelled(say: (line: string) => void): Promise<void> {
    return removeLabelled(this.#engine, say);
  }

  /** Returns the containers, networks and volumes of a project, whoever made them: "volume shop_data". */
  remains(project: string): Promise<readonly string[]> {
    return remainsOf(this.#engine, project);
  }

  /** Says how a project is to be made so that nothing is touched that somebody else made. */
  making(spec: TopologySpec): Promise<Making> {
    return makingOf(this.#engine, spec);
  }

  /**
   * Removes the containers, networks and volumes of a project that the harness made. Resolves with what stays, for
   * people.
   */
  removeMade(project: string): Promise<readonly string[]> {
    return removeMade(this.#engine, project);
  }

  inspect(id: string): Promise<ContainerState> {
    return this.#inspect(id, stateOf);
  }

  /** Resolves with what `read` makes of the engine's description of a container. */
  #inspect<T>(id: string, read: (info: Docker.ContainerInspectInfo) => T): Promise<T> {
    return this.#engine.call(`inspect ${this.#name(id)}`, async () =>
      read(await this.#docker.getContainer(id).inspect()),
    );
  }

  /** Returns the words of the command line with which the container was started. */
  commandLine(id: string): Promise<readonly string[]> {
    return this.#inspect(id, (info) => [info.Path, ...info.Args]);
  }

  kill = (id: string, signal = 'SIGKILL'): Promise<void> =>
    this.#engine.idempotent(`kill ${this.#name(id)} (${signal})`, () => this.#docker.getContainer(id).kill({ signal }));
  /** Sends SIGTERM, and SIGKILL after `graceS` seconds. The deadline of the call is longer by these seconds. */
  stop = (id: string, graceS: number): Promise<void> =>
    this.#engine.idempotent(
      `stop ${this.#name(id)}`,
      () => this.#docker.getContainer(id).stop({ t: graceS }),
      graceS * 1_000 + CALL_MS,
    );
  start = (id: string, deadlineMs?: number): Promise<void> =>
    this.#engine.idempotent(`start ${this.#name(id)}`, () => startAt(this.#docker, id), deadlineMs);
  pause = (id: string): Promise<void> =>
    this.#engine.idempotent(`pause ${this.#name(id)}`, () => this.#docker.getContainer(id).pause());
  unpause = (id: string): Promise<void> =>
    this.#engine.idempotent(`unpause ${this.#name(id)}`, () => this.#docker.getContainer(id).unpause());
  remove = (id: string): Promise<void> =>
    this.#engine.idempotent(`remove ${this.#name(id)}`, () => this.#docker.getContainer(id).remove({ force: true }));
  restart = (id: string, graceS = 1): Promise<void> =>
    this.#engine.idempotent(
      `restart ${this.#name(id)}`,
      () => this.#docker.getContainer(id).restart({ t: graceS }),
      graceS * 1_000 + CALL_MS,
    );

  /**
   * Removes a container and makes it again, with this name, this number among its service's replicas, and these labels
   * beside its own. Returns the id of the new container, which is not started.
   */
  async remake(
    from: ListedContainer,
    name: string,
    replica: number,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const info = await this.#info(from);
    await this.remove(from.id);
    return this.#make(remadeAs(info, name, replica, labels));
  }

  /**
   * Makes a container like this one, with another name and another number among its service's replicas, and marks it as
   * added by a controller. Resolves with its id; it is not started.
   */
  async copy(like: ListedContainer, name: string, replica: number, deadlineMs?: number): Promise<string> {
    return this.#make(remadeAs(await this.#info(like), name, replica, { [ADDED_LABEL]: 'true' }), deadlineMs);
  }

  /**
   * Makes a container of another image that is to take the place `place`, like the container that is there now, with the
   * limits of the compose file: a fault may have changed those of the other. Resolves with its id; it is not started.
   */
  async makeNext(like: ListedContainer, place: string, image: ImageRef, limits: Limits): Promise<string> {
    const info = await this.#info(like);
    const old = await this.#imageInfo(info.Image);
    return this.#make(nextMadeOf(withLimits(info, limits), old?.Config ?? {}, place, image));
  }

  /** Resolves with an image by its name or id. Undefined when the engine does not have it. */
  async image(name: string): Promise<ImageRef | undefined> {
    const found = await this.#imageInfo(name);
    if (found === undefined) return undefined;
    // The engine lists no names, or null, for an image that has lost its name to a newer one.
    const names = (found.RepoTags as readonly string[] | null) ?? [];
    const same = names.find((one) => one === name || one === `${name}:latest`);
    return { id: found.Id, name: same ?? names[0] ?? found.Id };
  }

  #imageInfo(name: string): Promise<Docker.ImageInspectInfo | undefined> {
    return this.#engine.call(`image ${name}`, async () => {
      try {
        return await this.#docker.getImage(name).inspect();
      } catch (error) {
        if (refusedWith(error) === 404) return undefined;
        throw error;
      }
    });
  }

  rename = (id: string, name: string): Promise<void> =>
    this.#engine.call(
      `rename ${this.#name(id)} to ${name}`,
      async () => {
        await this.#docker.getContainer(id).rename({ name });
        this.#engine.remember(id, name);
      },
      'info',
    );

  /**
   * Sends SIGTERM, and SIGKILL after `graceS` seconds; by default after those that the container was made with (10 s when
   * it names none).
   */
  async end(id: string, graceS?: number): Promise<void> {
    const made = (): Promise<number> =>
      this.#inspect(id, (info) => (info.Config as { StopTimeout?: number }).StopTimeout ?? 10);
    await this.stop(id, graceS ?? (await made()));
  }

  /** Whether a container publishes ports of the host. A second such container could not be started beside it. */
  publishes(id: string): Promise<boolean> {
    return this.#inspect(id, ({ HostConfig: { PortBindings: ports } }) => Object.keys(ports ?? {}).length > 0);
  }

  /** Resolves with the engine's description of a container. */
  #info({ id, name }: ListedContainer): Promise<Docker.ContainerInspectInfo> {
    return this.#engine.call(`inspect ${name}`, () => this.#docker.getContainer(id).inspect());
  }

  async #make(options: ReturnType<typeof remadeAs>, deadlineMs?: number): Promise<string> {
    const { name } = options;
    const make = (): Promise<Docker.Container> => this.#docker.createContainer(options);
    const { id } = await this.#engine.call(`make ${name}`, make, 'info', deadlineMs);
    this.#engine.remember(id, name);
    return id;
  }

  /** Changes limits of a container. */
  async limit(id: string, change: LimitChange): Promise<void> {
    const byCores = await this.#inspect(id, (info) => (info.HostConfig.NanoCpus ?? 0) > 0);
    const update = updateOf(change, byCores);
    await this.#engine.call(`limit ${this.#name(id)}`, () => this.#docker.getContainer(id).update(update), 'info');
  }

  /** Tells what becomes of the containers of a project, until it is disposed. */
  follow(project: string, listener: LifeListener): AsyncDisposable {
    return followLives(this.#engine, project, listener);
  }

  /** Runs a command in a container. Returns its output and exit code, also when the code is not 0. */
  exec(id: string, run: readonly string[], user: string | undefined, deadlineMs: number): Promise<Said> {
    const container = this.#docker.getContainer(id);
    return this.#engine.call(
      `run ${run[0] ?? ''} in ${this.#name(id)}`,
      (signal) => execIn(container, run, user, signal),
      'debug',
      deadlineMs,
    );
  }

  async disconnect(id: string, network: string): Promise<void> {
    await this.#engine.idempotent(`disconnect ${this.#name(id)} from ${network}`, () =>
      this.#docker.getNetwork(network).disconnect({ Container: id, Force: true }),
    );
  }

  /** Connects a container to a network. See `connectTo` for its address. */
  async connect(id: string, network: string, attachment: NetworkAttachment): Promise<void> {
    await this.#engine.idempotent(`connect ${this.#name(id)} to ${network}`, () =>
      connectTo(this.#docker, id, network, attachment),
    );
  }

  /** Makes a stopped container claim no address: the engine chooses one when the container starts. */
  async forgetAddresses(id: string): Promise<void> {
    await this.#engine.idempotent(`free the address of ${this.#name(id)}`, () => forgetAddresses(this.#docker, id));
  }

  /** Returns the last lines that a container wrote after `since` (epoch milliseconds), in the engine's frames. */
  log(id: string, since: number): Promise<Buffer> {
    const options = { stdout: true, stderr: true, timestamps: true, tail: LOG_LINES, since: Math.floor(since / 1_000) };
    return this.#engine.call(`log of ${this.#name(id)}`, () =>
      this.#docker.getContainer(id).logs({ ...options, follow: false }),
    );
  }

  /** Returns one reading of the engine's counters for a container. */
  counters(id: string): Promise<Counters> {
    return this.#engine.call(`stats of ${this.#name(id)}`, async () =>
      countersOf(await this.#docker.getContainer(id).stats({ stream: false, 'one-shot': true })),
    );
  }

  /** Calls `onLine` for each line that a container wrote to stdout. The container may be stopped. */
  async stdout(id: string, { since, last }: LogPart, onLine: (line: string) => void): Promise<void> {
    const query = { follow: false, stdout: true, stderr: false, since: since / 1_000, tail: last } as const;
    const frames = await this.#engine.call('logs', () => this.#docker.getContainer(id).logs(query));
    eachLine(frames, onLine);
  }
}
