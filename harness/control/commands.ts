import { type Command, describeCommand } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
import { type Log, logged, type LogLevel } from '../core/log.ts';
import type { Requirement, TopologySpec } from '../core/topology.ts';
import { HAS_WRITE_LIMIT } from '../core/acts/write-limit.ts';
import type { DockerControl } from './docker.ts';
import type { Said } from './exec.ts';
import type { PostgresControl } from './postgres.ts';
import { askRedis } from './redis.ts';

/** Milliseconds that a command may take, wherever it runs. */
const COMMAND_MS = 10_000;

/** Ends with 0 where the machine has it: netem in a network of its own, a limit of writes in what the kernel offers a cgroup. */
const TRIALS: Readonly<Record<Requirement, { readonly run: readonly string[]; readonly as: 'alone' | 'host' }>> = {
  netem: { run: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'], as: 'alone' },
  'write limit': { run: HAS_WRITE_LIMIT, as: 'host' },
};

/** Carries out commands where they belong. Only containers of the topology's own project are ever entered. */
export class Commands {
  readonly #spec: TopologySpec;
  readonly #docker: DockerControl;
  readonly #postgres: PostgresControl;
  readonly #log: Log;

  constructor(spec: TopologySpec, docker: DockerControl, postgres: PostgresControl, log: Log) {
    this.#spec = spec;
    this.#docker = docker;
    this.#postgres = postgres;
    this.#log = log;
  }

  /** What it printed, without the last line's end; of SQL, the first column of the first row. */
  carryOut(command: Command, level: LogLevel): Promise<string> {
    return logged(this.#log, { to: 'topology', what: describeCommand(command), level }, this.#carryOut(command));
  }

  async #carryOut(command: Command): Promise<string> {
    if ('sql' in command) {
      const rows = await this.#postgres.query(command.sql, [], COMMAND_MS);
      const [first] = Object.values(rows[0] ?? {});
      if (first === undefined || first === null) return '';
      return typeof first === 'object' ? JSON.stringify(first) : `${first as string | number}`;
    }
    if ('redis' in command) return askRedis(this.#spec.redis, command.redis);
    const { code, stdout, stderr } = await this.#inContainer(command);
    if (code === 0) return stdout.trimEnd();
    throw new ChaosError('CHAOS_COMMAND', {
      what: `${describeCommand(command)} ended with ${code}: ${(stderr.trim() || stdout.trim()).slice(-300)}`,
      hint: 'Run it by hand (`chaos explain CHAOS_COMMAND` says how).',
      exit: 'error',
      facts: { code },
    });
  }

  async #inContainer(command: Extract<Command, { run: readonly string[] }>): Promise<Said> {
    const { project, toolsImage: image } = this.#spec;
    const name = 'in' in command ? command.in : 'beside' in command ? command.beside : command.outside;
    const container = (await this.#docker.list(project)).find((c) => c.name === name);
    if (container === undefined) {
      throw new ChaosError('CHAOS_NO_TARGET', {
        what: `no container of project ${project} is named ${name}`,
        hint: 'Is the topology up (`chaos topology up`)?',
        exit: 'not-ready',
      });
    }
    if ('in' in command) return this.#docker.exec(container.id, command.run, command.user, COMMAND_MS);
    if ('beside' in command)
      return this.#docker.helpers.once({ image, project, run: command.run, as: { netns: container.id } });
    const { pid } = await this.#docker.inspect(container.id);
    return this.#docker.helpers.once({ image, project, run: ['env', `PID=${pid}`, ...command.run], as: 'host' });
  }

  /** Whether this machine has what a fault needs, tried where nothing can be hurt. */
  async offers(requirement: Requirement): Promise<boolean> {
    const { project, toolsImage: image } = this.#spec;
    const { code } = await this.#docker.helpers.once({ image, project, ...TRIALS[requirement] });
    return code === 0;
  }
}
