import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError, describeError } from '../../core/errors.ts';
import { named } from '../../core/topology/names.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { isNext } from '../../core/topology/replacing.ts';
import type { Seen } from '../adapter.ts';
import { readLog } from './container-log.ts';
import type { DockerControl, ListedContainer } from './docker.ts';

/**
 * Milliseconds to wait while the engine is about to start a container again. After several crashes the engine itself
 * waits for seconds before it does so.
 */
const RESTARTING_MS = 10_000;
const LOOK_AGAIN_MS = 200;
/** The engine stamps lines by its own clock, so logs are kept from a little earlier on. Milliseconds. */
const EARLIER_MS = 1_000;

/** What a container had logged when it was removed. */
interface KeptLog {
  readonly service: string;
  /** The name that the container had, and the beginning of its id: another container may have the name now. */
  readonly container: string;
  readonly name: string;
  /** The lines of stdout. */
  readonly lines: readonly string[];
  /** Both streams, with the engine's times. */
  readonly text: string;
}

/** A Compose project as the engine has it. The labels of a container say to which service it belongs. */
export class Project {
  readonly docker: DockerControl;
  #spec: TopologySpec;
  /**
   * The services of which `list` has seen every container. The names of these containers are not read again: a
   * container that is made again has another name for a moment.
   */
  readonly #whole = new Set<string>();
  /** Logs are kept from this time on, epoch milliseconds. */
  readonly #since = Date.now() - EARLIER_MS;
  readonly #kept: KeptLog[] = [];
  /** The last work on a place, by the name of the container that has it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(spec: TopologySpec, docker: DockerControl) {
    this.#spec = spec;
    this.docker = docker;
  }

  /** The logs of containers that an update has removed. */
  get kept(): readonly KeptLog[] {
    return this.#kept;
  }

  /** Keeps what a container has logged since this process took hold of the topology. Called before its removal. */
  async keepLog({ id, name, service }: ListedContainer): Promise<void> {
    const lines: string[] = [];
    try {
      await this.docker.stdout(id, { since: this.#since }, (line) => lines.push(line));
      const text = readLog(await this.docker.log(id, this.#since));
      this.#kept.push({ service, container: `${name}-${id.slice(0, 12)}`, name, lines, text });
    } catch {
      // A log that cannot be read must not keep a container from its old image.
    }
  }

  /**
   * Does work on the place of a container after all work on this place that is under way. A way back that took too long
   * is carried out once more while the first still goes on, and an update may be in the middle of a step.
   */
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const now = before.catch(() => undefined).then(work);
    this.#turns.set(name, now);
    return now;
  }

  /** The description of the topology, with the names of the containers as the engine has listed them. */
  get spec(): TopologySpec {
    return this.#spec;
  }

  /** Sets how many containers a service shall have from now on. Until then, the number in the compose file counts. */
  ask(service: string, replicas: number): void {
    const found = this.#spec.services[service];
    if (found === undefined || found.replicas === replicas) return;
    this.#whole.delete(service);
    this.#spec = { ...this.#spec, services: { ...this.#spec.services, [service]: { ...found, replicas } } };
  }

  /** Returns the containers, stopped ones too, sorted by service and replica. */
  async list(): Promise<ListedContainer[]> {
    const listed = await this.docker.list(this.#spec.project);
    if (listed.length === 0) this.#whole.clear();
    const lasting = listed.filter((container) => !isNext(container));
    this.#spec = named(
      this.#spec,
      lasting.filter(({ service }) => !this.#whole.has(service)),
    );
    for (const { name, replicas } of Object.values(this.#spec.services))
      if (lasting.filter(({ service }) => service === name).length >= replicas) this.#whole.add(name);
    return listed;
  }

  /** Returns the containers and the state of each. */
  async see(): Promise<Seen> {
    const containers = await this.list();
    return { containers, states: await Promise.all(containers.map((c) => this.docker.inspect(c.id))) };
  }

  /** Returns the container of this name. Throws CHAOS_NO_TARGET when there is none. */
  async container(name: string): Promise<ListedContainer> {
    const found = (await this.list()).find((c) => c.name === name);
    if (found !== undefined) return found;
    throw new ChaosError('CHAOS_NO_TARGET', {
      what: `no container of project ${this.#spec.project} is named ${name}`,
      hint: 'Is the topology up (`chaos topology up`)?',
      exit: 'not-ready',
    });
  }

  /**
   * Does work in a container. The engine refuses it while it is about to start the container again: then the work is
   * tried again, for ten seconds at most.
   */
  async onceStarted<T>(name: string, work: () => Promise<T>): Promise<T> {
    const until = performance.now() + RESTARTING_MS;
    for (;;) {
      while (performance.now() < until && (await this.docker.inspect(name)).status === 'restarting')
        await delay(LOOK_AGAIN_MS);
      try {
        return await work();
      } catch (error) {
        // The container may have crashed once more since it was looked at. A refused command did not run.
        if (performance.now() >= until || !describeError(error).includes('is restarting')) throw error;
        await delay(LOOK_AGAIN_MS);
      }
    }
  }
}
