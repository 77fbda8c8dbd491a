import { candidates, draw, servicesOf } from '../core/aim.ts';
import { ChaosError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type {
  ContainerCounters,
  ContainerLog,
  ContainerRef,
  ContainerState,
  ContainerUsage,
  Target,
  TopologySpec,
} from '../core/topology.ts';
import type { LogPart } from '../core/topology-control.ts';
import { readLog } from './container-log.ts';
import type { Counters, DockerControl, ListedContainer } from './docker.ts';
import type { PostgresControl } from './postgres.ts';
import { missing } from './residue.ts';

/** The containers of one project as they are: which are meant, how they are, what they used and what they said. */
export class Containers {
  readonly #spec: TopologySpec;
  readonly #docker: DockerControl;
  readonly #postgres: PostgresControl;
  readonly #before = new Map<string, Counters>();

  constructor(spec: TopologySpec, docker: DockerControl, postgres: PostgresControl) {
    this.#spec = spec;
    this.#docker = docker;
    this.#postgres = postgres;
  }

  list(): Promise<ListedContainer[]> {
    return this.#docker.list(this.#spec.project);
  }

  async resolve(target: Target, random: Random): Promise<ContainerRef[]> {
    const members = servicesOf(this.#spec, target);
    const all = (await this.list()).filter((c) => members.includes(c.service));
    const named = target.replica === undefined ? all : all.filter((c) => c.replica === target.replica);
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
    const primary = await this.#postgres.primaryAddress();
    if (primary === undefined) {
      throw new ChaosError('CHAOS_NO_PRIMARY', {
        what: 'no node of the database accepts writes, so nobody can tell which is the primary',
        hint: 'Wait until `chaos status` says healthy, or run `chaos heal`.',
        exit: 'not-ready',
      });
    }
    const states = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    return containers.filter((_, i) => {
      const isPrimary = Object.values(states[i]?.networks ?? {}).some((n) => n.ip === primary);
      return isPrimary === (role === 'primary');
    });
  }

  async states(services: readonly string[]): Promise<ContainerState[]> {
    const containers = (await this.list()).filter((c) => services.includes(c.service));
    const there = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    // Of a topology that is down altogether, nothing is missing.
    if (there.length === 0) return there;
    const names = new Set(there.map((state) => state.container));
    const wanted = services.flatMap((service) => candidates(this.#spec, { service }));
    return [...there, ...wanted.filter((name) => !names.has(name)).map(missing)];
  }

  async counters(name: string): Promise<ContainerCounters> {
    const container = (await this.list()).find((c) => c.name === name);
    if (container?.running !== true) {
      throw new ChaosError('CHAOS_NO_TARGET', {
        what: `${name} is not running: the kernel counts nothing of it`,
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
    await Promise.all(containers.map((c) => this.#docker.stdout(c.id, part, (line) => onLine(c.name, line))));
  }
}
