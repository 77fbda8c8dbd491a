import { readFileSync } from 'node:fs';
import { candidates, draw, servicesOf } from '../core/aim.ts';
import type { Command } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
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
import type { TopologyControl } from '../core/topology-control.ts';
import type { UndoStep } from '../core/undo.ts';
import { compose, type ComposeOptions } from './compose.ts';
import { Commands } from './commands.ts';
import { watchDatagrams } from './datagrams.ts';
import { readLog } from './container-log.ts';
import type { Counters, DockerControl, ListedContainer } from './docker.ts';
import { PostgresControl, type Row } from './postgres.ts';
import { flushRedis } from './redis.ts';
import { missing } from './residue.ts';
import { ToxiproxyControl } from './toxiproxy.ts';
import { WayBack } from './way-back.ts';

const WITNESS_SCRIPT = readFileSync(new URL('./witness/script.mjs', import.meta.url), 'utf8');

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
  readonly #commands: Commands;
  readonly #wayBack: WayBack;
  readonly #before = new Map<string, Counters>();
  #netem: Promise<boolean> | undefined;

  constructor({ spec, docker, env, log = silent }: TopologyOptions) {
    this.spec = spec;
    this.#docker = docker;
    this.#env = env;
    this.#log = log;
    this.#toxiproxy = new ToxiproxyControl(spec.toxiproxy, log);
    this.#postgres = new PostgresControl(spec.database, log);
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

  #list(): Promise<ListedContainer[]> {
    return this.#docker.list(this.spec.project);
  }

  async presence(): Promise<'absent' | 'present'> {
    return (await this.#list()).length === 0 ? 'absent' : 'present';
  }

  async up(signal: AbortSignal, onChild: (pid: number | undefined) => void): Promise<void> {
    await this.#compose(['up', '--detach', '--wait', '--no-build', '--pull', 'never'], { signal, onChild });
  }

  async down(): Promise<void> {
    await this.#compose(['down', '--volumes', '--remove-orphans', '--timeout', '1']);
  }

  async health(): Promise<Health> {
    const containers = await this.#list();
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
    const [engine, containers] = await Promise.all([this.#docker.version(), this.#list()]);
    return { engine, images: Object.fromEntries(containers.map((c) => [c.service, c.image])) };
  }

  // --- targets and states --------------------------------------------------------------------------------------

  async resolve(target: Target, random: Random): Promise<ContainerRef[]> {
    const members = servicesOf(this.spec, target);
    const all = (await this.#list()).filter((c) => members.includes(c.service));
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

  inspect(container: ContainerRef): Promise<ContainerState> {
    return this.#docker.inspect(container.id);
  }

  async states(services: readonly string[]): Promise<ContainerState[]> {
    const containers = (await this.#list()).filter((c) => services.includes(c.service));
    const there = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    // Of a topology that is down altogether, nothing is missing.
    if (there.length === 0) return there;
    const names = new Set(there.map((state) => state.container));
    const wanted = services.flatMap((service) => candidates(this.spec, { service }));
    return [...there, ...wanted.filter((name) => !names.has(name)).map(missing)];
  }

  async counters(name: string): Promise<ContainerCounters> {
    const container = (await this.#list()).find((c) => c.name === name);
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
    const running = (await this.#list()).filter((c) => c.running);
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
    switch (requirement) {
      case 'netem':
        this.#netem ??= this.#commands.hasNetem();
        return this.#netem;
    }
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

  async logs(since: number, onLog: (log: ContainerLog) => void): Promise<void> {
    const containers = await this.#list();
    await Promise.all(
      containers.map(async ({ id, name }) => {
        onLog({ container: name, text: readLog(await this.#docker.log(id, since)) });
      }),
    );
  }

  async stdout(
    services: readonly string[],
    since: number,
    onLine: (container: string, line: string) => void,
  ): Promise<void> {
    const containers = (await this.#list()).filter((c) => services.includes(c.service));
    await Promise.all(containers.map((c) => this.#docker.stdout(c.id, since, (line) => onLine(c.name, line))));
  }

  async witness(
    from: string,
    run: string,
    questions: readonly Question[],
    onAnswer: (answer: Answer) => void,
  ): Promise<AsyncDisposable> {
    const host = (await this.#list()).find((c) => c.service === from && c.running);
    if (host === undefined) {
      throw new ChaosError('CHAOS_NO_WITNESS', {
        what: `no running container of "${from}" can lend its network namespace`,
        hint: "Evidence is taken from the consumer's side: start the service, or run `chaos heal`.",
        exit: 'not-ready',
      });
    }
    return this.#docker.helpers.watch(
      {
        image: this.spec.probeImage,
        project: this.spec.project,
        run,
        netns: host.id,
        script: WITNESS_SCRIPT,
        env: { QUESTIONS: JSON.stringify(questions) },
      },
      (line) => {
        const answer = parseAnswer(line);
        if (answer !== undefined) onAnswer(answer);
      },
    );
  }

  async datagrams(
    run: string,
    ways: readonly DatagramWay[],
    onBatch: (batch: DatagramBatch) => void,
  ): Promise<AsyncDisposable> {
    const { probeImage: image, project } = this.spec;
    const containers = await this.#list();
    return watchDatagrams({ helpers: this.#docker.helpers, image, project, run, containers, ways }, onBatch);
  }
}

/** A line cut off when the helper was removed is no answer. */
function parseAnswer(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
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
