import { readFileSync } from 'node:fs';
import type { Command } from '../core/command.ts';
import { type Log, logged, silent } from '../core/log.ts';
import type {
  Answer,
  ContainerCounters,
  ContainerLog,
  ContainerRef,
  ContainerState,
  ContainerUsage,
  DatagramBatch,
  DatagramWay,
  Health,
  Limits,
  ProxyRef,
  Question,
  Requirement,
  Residue,
  Target,
  TopologySpec,
  Toxic,
} from '../core/topology.ts';
import type { Random } from '../core/random.ts';
import type { LogPart, TopologyControl } from '../core/topology-control.ts';
import type { UndoStep } from '../core/undo.ts';
import { compose, type ComposeOptions } from './compose.ts';
import { Commands } from './commands.ts';
import { watchDatagrams } from './witness/datagrams.ts';
import { Containers } from './containers.ts';
import type { DockerControl } from './docker.ts';
import { PostgresControl, type Row } from './postgres.ts';
import { flushRedis } from './redis.ts';
import { ToxiproxyControl } from './toxiproxy.ts';
import { WayBack } from './way-back.ts';
import { watchAnswers } from './witness/answers.ts';

export interface TopologyOptions {
  readonly spec: TopologySpec;
  readonly docker: DockerControl;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log?: Log;
}

/** A compose topology with Toxiproxy on its links and PostgreSQL behind a router. Touches only its own project's containers. */
export class ComposeTopology implements TopologyControl {
  readonly spec: TopologySpec;
  readonly #docker: DockerControl;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #log: Log;
  readonly #toxiproxy: ToxiproxyControl;
  readonly #postgres: PostgresControl;
  readonly #containers: Containers;
  readonly #commands: Commands;
  readonly #wayBack: WayBack;
  readonly #offers = new Map<Requirement, Promise<boolean>>();

  constructor({ spec, docker, env, log = silent }: TopologyOptions) {
    this.spec = spec;
    this.#docker = docker;
    this.#env = env;
    this.#log = log;
    this.#toxiproxy = new ToxiproxyControl(spec.toxiproxy, log);
    this.#postgres = new PostgresControl(spec.database, log);
    this.#containers = new Containers(spec, docker, this.#postgres);
    this.#commands = new Commands(spec, docker, this.#postgres, log);
    this.#wayBack = new WayBack({
      spec,
      docker,
      toxiproxy: this.#toxiproxy,
      commands: this.#commands,
      postgres: this.#postgres,
      compose: (args) => this.#compose(args),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every connection is made for one call: nothing is held open between them.
  }

  // --- the whole -----------------------------------------------------------------------------------------------

  #compose(args: readonly string[], more: Pick<ComposeOptions, 'signal' | 'onChild'> = {}): Promise<string> {
    const { files, project } = this.spec;
    return compose(args, { files, project, env: this.#env, log: this.#log, ...more });
  }

  async presence(): Promise<'absent' | 'present'> {
    return (await this.#containers.list()).length === 0 ? 'absent' : 'present';
  }

  async up(signal: AbortSignal, onChild: (pid: number | undefined) => void): Promise<void> {
    await this.#compose(['up', '--detach', '--wait', '--no-build', '--pull', 'never'], { signal, onChild });
  }

  async down(): Promise<void> {
    await this.#compose(['down', '--volumes', '--remove-orphans', '--timeout', '1']);
  }

  async health(): Promise<Health> {
    const containers = await this.#containers.list();
    const states = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    const waitingFor = states
      .filter((s) => !s.running || s.paused || (s.health !== 'none' && s.health !== 'healthy'))
      .map((s) => `${s.container} is ${s.paused ? 'paused' : s.running ? s.health : s.status}`);
    for (const service of Object.values(this.spec.services)) {
      const there = containers.filter((c) => c.service === service.name).length;
      if (there < service.replicas) waitingFor.push(`${service.name} has ${there} of ${service.replicas} containers`);
    }
    if (waitingFor.length > 0) return { healthy: false, waitingFor };
    try {
      if ((await this.#postgres.synchronousStandbys()) === 0) waitingFor.push('no synchronous standby');
    } catch (error) {
      waitingFor.push(`the database does not accept writes (${(error as Error).message})`);
    }
    return { healthy: waitingFor.length === 0, waitingFor };
  }

  async describe(): Promise<{ engine: string; images: Record<string, string> }> {
    const [engine, containers] = await Promise.all([this.#docker.version(), this.#containers.list()]);
    return { engine, images: Object.fromEntries(containers.map((c) => [c.service, c.image])) };
  }

  // --- targets and states --------------------------------------------------------------------------------------

  resolve(target: Target, random: Random): Promise<ContainerRef[]> {
    return this.#containers.resolve(target, random);
  }

  inspect(container: ContainerRef): Promise<ContainerState> {
    return this.#docker.inspect(container.id);
  }

  states(services: readonly string[]): Promise<ContainerState[]> {
    return this.#containers.states(services);
  }

  counters(container: string): Promise<ContainerCounters> {
    return this.#containers.counters(container);
  }

  usage(): Promise<ContainerUsage[]> {
    return this.#containers.usage();
  }

  // --- acts ----------------------------------------------------------------------------------------------------

  kill(container: ContainerRef, signal?: string): Promise<void> {
    return this.#docker.kill(container.id, signal);
  }

  stop(container: ContainerRef, graceS: number): Promise<void> {
    return this.#docker.stop(container.id, graceS);
  }

  restart(container: ContainerRef, graceS: number): Promise<void> {
    return this.#docker.restart(container.id, graceS);
  }

  remove(container: ContainerRef): Promise<void> {
    return this.#docker.remove(container.id);
  }

  limit(container: ContainerRef, limits: Limits): Promise<void> {
    return this.#docker.limit(container.id, limits);
  }

  act(command: Command): Promise<string> {
    return this.#commands.carryOut(command, 'info');
  }

  ask(command: Command): Promise<string> {
    return this.#commands.carryOut(command, 'debug');
  }

  /** Asked once: a kernel does not change while we look. */
  offers(requirement: Requirement): Promise<boolean> {
    const known = this.#offers.get(requirement) ?? this.#commands.offers(requirement);
    this.#offers.set(requirement, known);
    return known;
  }

  pause(container: ContainerRef): Promise<void> {
    return this.#docker.pause(container.id);
  }

  disconnect(container: ContainerRef, network: string): Promise<void> {
    return this.#docker.disconnect(container.id, network);
  }

  async crash(container: ContainerRef): Promise<void> {
    const { pid } = await this.#docker.inspect(container.id);
    if (isProcessOf(pid, container.id)) process.kill(pid, 'SIGKILL');
    else await this.#docker.helpers.killFromHost(this.spec.toolsImage, this.spec.project, pid);
  }

  proxy(name: string): Promise<ProxyRef> {
    return this.#toxiproxy.proxy(name);
  }

  addToxic(proxy: ProxyRef, toxic: Toxic): Promise<void> {
    return this.#toxiproxy.addToxic(proxy, toxic);
  }

  disableProxy(proxy: ProxyRef): Promise<void> {
    return this.#toxiproxy.disable(proxy);
  }

  // --- the way back --------------------------------------------------------------------------------------------

  undo(step: UndoStep): Promise<void> {
    return this.#wayBack.undo(step);
  }

  residue(): Promise<Residue[]> {
    return this.#wayBack.residue();
  }

  restore(): Promise<void> {
    return this.#wayBack.restore();
  }

  // --- data and evidence ---------------------------------------------------------------------------------------

  async reset(): Promise<string> {
    const flush = { to: 'redis', what: 'flush', level: 'info' } as const;
    await logged(this.#log, flush, flushRedis(this.spec.redis));
    const reset = { to: 'postgres', what: 'reset the data', level: 'info' } as const;
    const rows = await logged(this.#log, reset, this.#postgres.query(this.spec.resetSql, [], 30_000));
    const [fingerprint] = Object.values(rows[0] ?? {});
    return typeof fingerprint === 'string' ? fingerprint : '';
  }

  query(sql: string, params: readonly unknown[]): Promise<readonly Row[]> {
    return this.#postgres.query(sql, params, 30_000);
  }

  logs(since: number, onLog: (log: ContainerLog) => void): Promise<void> {
    return this.#containers.logs(since, onLog);
  }

  stdout(services: readonly string[], part: LogPart, onLine: (container: string, line: string) => void): Promise<void> {
    return this.#containers.stdout(services, part, onLine);
  }

  async witness(
    from: string,
    run: string,
    questions: readonly Question[],
    onAnswer: (answer: Answer) => void,
  ): Promise<AsyncDisposable> {
    const { probeImage: image, project } = this.spec;
    return watchAnswers({ docker: this.#docker, log: this.#log, image, project, run, from, questions }, onAnswer);
  }

  async datagrams(
    run: string,
    ways: readonly DatagramWay[],
    onBatch: (batch: DatagramBatch) => void,
  ): Promise<AsyncDisposable> {
    const { probeImage: image, project } = this.spec;
    const containers = await this.#containers.list();
    return watchDatagrams({ helpers: this.#docker.helpers, image, project, run, containers, ways }, onBatch);
  }
}

/** Whether a process number is this container's here, and not in the engine's own virtual machine. */
function isProcessOf(pid: number, container: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container);
  } catch {
    return false;
  }
}
