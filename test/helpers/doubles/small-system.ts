import { z } from 'zod';
import { ChaosError } from '../../../harness/core/errors.ts';
import { defineFault } from '../../../harness/core/kinds/fault.ts';
import type { Command } from '../../../harness/core/topology/command.ts';
import type { TopologyControl } from '../../../harness/core/topology/control.ts';
import type { UndoStep } from '../../../harness/core/topology/undo.ts';
import { MemoryTopology } from './topology.ts';

/** The state of a small system: a database that an app needs, with a limit, and rules that somebody may leave. */
interface State {
  db: 'up' | 'down';
  limit: number;
  rules: number;
  /** Epoch milliseconds from which the database is up again. */
  upAt: number;
}

const sound = (): State => ({ db: 'up', limit: 100, rules: 0, upAt: 0 });

/** How long the database takes to start, milliseconds. */
const START_MS = 3_000;

export interface SmallOptions {
  readonly now: () => number;
  /** The system comes back by itself this long after the failure, milliseconds. */
  readonly healsMs?: number;
}

/**
 * A system with two containers, `db` and `app`, that keeps its state. The program `svc` is in `db` only: `svc status`,
 * `svc limit N`, `svc start`, `svc rule`, `svc unrule`, `svc wreck`. Requests fail while the database is not up, or its limit is below 50.
 */
export class SmallSystem {
  state = sound();
  readonly topology: TopologyControl;
  readonly #options: SmallOptions;

  constructor(options: SmallOptions) {
    this.#options = options;
    this.topology = this.#topologyOf();
  }

  /** What an audit would find. */
  get residue(): readonly string[] {
    return this.state.rules > 0 ? ['rule: db'] : [];
  }

  get healthy(): boolean {
    const { db, limit, upAt } = this.state;
    return (db === 'up' || (upAt > 0 && this.#options.now() >= upAt)) && limit >= 50;
  }

  breakIt(): void {
    this.state.limit = 10;
    this.state.db = 'down';
    this.state.upAt = 0;
    if (this.#options.healsMs !== undefined) {
      this.state.upAt = this.#options.now() + this.#options.healsMs;
      this.state.limit = 100;
    }
  }

  /** As the end of an arm does: everything is put back. */
  restore(): void {
    this.state = sound();
  }

  #topologyOf(): TopologyControl {
    const memory = new MemoryTopology();
    const carryOut = async (command: Command): Promise<string> => this.#say(command);
    return Object.assign(memory, {
      act: carryOut,
      ask: carryOut,
      undo: async (step: UndoStep) => {
        if (step.do === 'command') this.#say(step.command);
      },
      containers: {
        ...memory.containers,
        resolve: async ({ service }: { readonly service: string }) => {
          if (service !== 'db' && service !== 'app')
            throw new ChaosError('CHAOS_NO_TARGET', { what: `no ${service}`, hint: '', exit: 'not-ready' });
          return [{ name: `chaos-${service}-1`, service, replica: 1 }];
        },
      },
    });
  }

  /** The wrapper of `kit/runbook/carry-out.ts` prints what the script printed, and how it ended. */
  #say(command: Command): string {
    if (!('in' in command)) throw new Error('the small system has containers only');
    const script = command.run.at(-1) ?? '';
    let output = '';
    let code = 0;
    for (const line of script.split('\n')) {
      const [said, ended] = this.#run(command.in, line.trim());
      output += said === '' ? '' : `${said}\n`;
      code = ended;
    }
    return `${output}\nexit ${code}`;
  }

  #run(place: string, line: string): readonly [string, number] {
    const [program, verb, value] = line.split(/\s+/);
    const { state } = this;
    if (program === 'true') return ['', 0];
    if (program !== 'svc') return [`sh: 1: ${program ?? ''}: not found`, 127];
    if (place !== 'chaos-db-1') return ['svc: there is no database here', 1];
    switch (verb) {
      case 'status':
        return [`state ${this.healthy ? 'serving' : 'refusing'}, limit ${state.limit}`, 0];
      case 'limit':
        state.limit = Number(value);
        return [`limit is ${state.limit}`, 0];
      case 'start':
        if (state.limit < 50) return ['svc: the limit is too low to start', 1];
        state.upAt = this.#options.now() + (value === 'slowly' ? 60_000 : START_MS);
        return ['starting', 0];
      case 'rule':
        state.rules += 1;
        return ['rule added', 0];
      case 'unrule':
        state.rules = 0;
        return ['no rule', 0];
      case 'wreck':
        state.upAt = 0;
        state.limit = 0;
        return ['done', 0];
      default:
        return [`svc: unknown verb ${verb ?? ''}`, 2];
    }
  }
}

/** The failure of the small system, as a fault. */
export const smallFailure = (system: SmallSystem) =>
  defineFault({
    name: 'break',
    summary: 'Takes the database down and lowers its limit.',
    params: z.strictObject({}),
    example: {},
    aims: () => ({}),
    undoes: () => 'put the database back',
    observers: () => [],
    inject: async () => {
      system.breakIt();
      return ['chaos-db-1'];
    },
    prove: () => ({ effective: 'effective', evidence: 'the database refuses' }),
  });
