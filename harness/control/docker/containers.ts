import { readFileSync } from 'node:fs';
import { containerName, draw, servicesOf } from '../../core/topology/aim.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type {
  ContainerCounters,
  ContainerLog,
  ContainerRef,
  ContainerState,
  ContainerUsage,
} from '../../core/topology/state.ts';
import type { Target } from '../../core/topology/aim.ts';
import { type ImageRef, isNext } from '../../core/topology/replacing.ts';
import type { LimitChange } from '../../core/topology/spec.ts';
import type { LifeListener } from '../../core/topology/life.ts';
import type { Containers, LogPart } from '../../core/topology/control.ts';
import { readLog } from './container-log.ts';
import type { Counters, DockerControl, ListedContainer } from './docker.ts';
import { primaryIn } from './primary.ts';
import type { Project } from './project.ts';
import type { RunCompose } from './making/make.ts';
import { prepareNext, retire, startNext, takePlace } from './making/replace.ts';
import { membersOf, scale } from './making/scale.ts';
import { missing, missingContainers } from './residue.ts';

/** The containers of one project: finds a fault's targets, acts on containers, and reads state, usage and logs. */
export class ProjectContainers implements Containers {
  readonly #project: Project;
  readonly #docker: DockerControl;
  readonly #primaryAddress: () => Promise<string | undefined>;
  readonly #compose: RunCompose;
  readonly #before = new Map<string, Counters>();

  /** `primaryAddress` resolves with the address of the node that accepts writes, undefined when there is none. */
  constructor(project: Project, primaryAddress: () => Promise<string | undefined>, compose: RunCompose) {
    this.#project = project;
    this.#docker = project.docker;
    this.#primaryAddress = primaryAddress;
    this.#compose = compose;
  }

  list(): Promise<ListedContainer[]> {
    return this.#project.list();
  }

  async resolve(target: Target, random: Random): Promise<ContainerRef[]> {
    const listed = await this.list();
    const { spec } = this.#project;
    const { replica } = target;
    const members = servicesOf(spec, target);
    const all = listed.filter((c) => members.includes(c.service) && !isNext(c));
    const named = replica === undefined ? all : all.filter((c) => c.name === containerName(spec, c.service, replica));
    const able = target.role === undefined ? named : await this.#withRole(named, target.role);
    const found = draw(able, target, random);
    if (found.length === 0) {
      throw new ChaosError('CHAOS_NO_TARGET', {
        what: `no container matches ${JSON.stringify(target)}`,
        hint: 'Is the topology up (`chaos topology up`)? `chaos plan FILE` prints what a fault would hit.',
        exit: 'not-ready',
      });
    }
    return found.map(({ id, name, service }) => ({ id, name, service }));
  }

  async #withRole(containers: readonly ListedContainer[], role: 'primary' | 'standby'): Promise<ListedContainer[]> {
    const primaries = await primaryIn(containers, { docker: this.#docker, address: this.#primaryAddress });
    return containers.filter(({ id }) => primaries.has(id) === (role === 'primary'));
  }

  inspect(container: ContainerRef): Promise<ContainerState> {
    return this.#docker.inspect(container.name);
  }

  kill(container: ContainerRef, signal?: string): Promise<void> {
    return this.#docker.kill(container.name, signal);
  }

  async crash(container: ContainerRef): Promise<void> {
    const { id } = await this.#project.container(container.name);
    const { pid, status } = await this.#docker.inspect(id);
    // The engine gives the number 0 when no process runs. A signal to 0 would hit the whole process group of the
    // harness.
    if (pid <= 0) throw noProcess(container.name, status);
    if (isProcessOf(pid, id)) process.kill(pid, 'SIGKILL');
    else await this.#docker.helpers.killFromHost(this.#project.spec.toolsImage, this.#project.spec.project, pid);
  }

  async count(service: string): Promise<number> {
    return (await membersOf(this.#project, service)).length;
  }

  scale(service: string, replicas: number): Promise<void> {
    return scale(this.#project, this.#compose, service, replicas);
  }

  pause(container: ContainerRef): Promise<void> {
    return this.#docker.pause(container.name);
  }

  stop(container: ContainerRef, graceS: number): Promise<void> {
    return this.#docker.stop(container.name, graceS);
  }

  restart(container: ContainerRef, graceS: number): Promise<void> {
    return this.#docker.restart(container.name, graceS);
  }

  remove(container: ContainerRef): Promise<void> {
    return this.#docker.remove(container.name);
  }

  limit(container: ContainerRef, change: LimitChange): Promise<void> {
    return this.#docker.limit(container.name, change);
  }

  disconnect(container: ContainerRef, network: string): Promise<void> {
    return this.#docker.disconnect(container.name, network);
  }

  image(name: string): Promise<ImageRef | undefined> {
    return this.#docker.image(name);
  }

  prepareNext(container: ContainerRef, image: string): Promise<void> {
    return prepareNext(this.#project, container, image);
  }

  startNext(container: ContainerRef): Promise<void> {
    return startNext(this.#project, container);
  }

  retire(container: ContainerRef): Promise<void> {
    return retire(this.#project, container);
  }

  takePlace(container: ContainerRef): Promise<void> {
    return takePlace(this.#project, container);
  }

  follow(listener: LifeListener): AsyncDisposable {
    return this.#docker.follow(this.#project.spec.project, listener);
  }

  async states(services: readonly string[]): Promise<ContainerState[]> {
    const containers = (await this.list()).filter((c) => services.includes(c.service));
    const there = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    // When none of the services has a container, the topology is down. Then no container counts as missing.
    const absent = missingContainers(containers, this.#project.spec).filter((c) => services.includes(c.service));
    return [...there, ...absent.map(({ name }) => missing(name))];
  }

  async counters(name: string): Promise<ContainerCounters> {
    const container = (await this.list()).find((c) => c.name === name);
    if (container?.running !== true) {
      throw new ChaosError('CHAOS_NO_TARGET', {
        what: `${name} is not running, so the kernel has no figures of it`,
        hint: 'Is the topology up (`chaos topology up`)?',
        exit: 'not-ready',
      });
    }
    const { cpuNs, throttledNs, memory, memoryLimit } = await this.#docker.counters(container.id);
    return {
      cpu_ms: cpuNs / 1e6,
      throttled_ms: throttledNs / 1e6,
      memory_free: Math.max(0, (memoryLimit ?? NaN) - (memory ?? NaN)),
    };
  }

  async usage(): Promise<ContainerUsage[]> {
    const running = (await this.list()).filter((c) => c.running);
    const samples = await Promise.allSettled(running.map((c) => this.#docker.counters(c.id)));
    return running.flatMap((c, i) => {
      const sample = samples[i];
      if (sample?.status !== 'fulfilled') return [];
      const now = sample.value;
      const before = this.#before.get(c.id);
      this.#before.set(c.id, now);
      const elapsed = before === undefined ? 0 : now.at - before.at;
      const rate = (delta: number): number | null => (elapsed > 0 && delta >= 0 ? delta / elapsed : null);
      const cpu = before === undefined ? null : rate((now.cpuNs - before.cpuNs) / 1e6);
      const network = before === undefined ? null : rate(now.networkBytes - before.networkBytes);
      const share = now.memory === null || now.memoryLimit === null ? null : (now.memory / now.memoryLimit) * 100;
      return [
        {
          container: c.name,
          cpuPercent: cpu === null ? null : cpu * 100,
          memoryPercent: share,
          networkBytesPerS: network === null ? null : Math.round(network * 1_000),
        },
      ];
    });
  }

  async logs(since: number, onLog: (log: ContainerLog) => void): Promise<void> {
    const containers = await this.list();
    for (const { container, text } of this.#project.kept) onLog({ container, text });
    await Promise.all(
      containers.map(async ({ id, name }) => {
        onLog({ container: name, text: readLog(await this.#docker.log(id, since)) });
      }),
    );
  }

  async stdout(
    services: readonly string[],
    part: LogPart,
    onLine: (container: string, line: string) => void,
  ): Promise<void> {
    const containers = (await this.list()).filter((c) => services.includes(c.service));
    for (const { service, name, lines } of this.#project.kept)
      if (services.includes(service)) lines.forEach((line) => onLine(name, line));
    await Promise.all(containers.map((c) => this.#docker.stdout(c.id, part, (line) => onLine(c.name, line))));
  }
}

/**
 * Returns whether the process with this number on this machine belongs to the container. When the engine runs in its
 * own virtual machine, its process numbers do not count here.
 */
function isProcessOf(pid: number, container: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container);
  } catch {
    return false;
  }
}

const noProcess = (container: string, status: string): ChaosError =>
  new ChaosError('CHAOS_NO_TARGET', {
    what: `${container} runs no process that could be killed: it is ${status}`,
    hint: 'Begin the fault later, or wait in the experiment until the container runs.',
    exit: 'not-ready',
  });
