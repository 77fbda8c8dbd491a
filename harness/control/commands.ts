import { type Capability, lackError } from '../core/topology/capability.ts';
import { type Command, describeCommand } from '../core/topology/command.ts';
import { type Log, logged, type LogLevel } from '../core/log.ts';
import type { Adapter } from './adapter.ts';

/** For each place of a command: the capability without which nobody carries the command out. */
const NEEDED = {
  in: 'containers',
  beside: 'packets',
  outside: 'containers',
  sql: 'sql',
  redis: 'redis',
  compose: 'containers',
} as const satisfies Record<keyof NonNullable<Adapter['commands']>, Capability>;
const PLACES = Object.keys(NEEDED) as (keyof typeof NEEDED)[];

/** Gives each command to the adapter of its place. */
export class Commands {
  readonly #adapters: readonly Adapter[];
  readonly #log: Log;

  constructor(adapters: readonly Adapter[], log: Log) {
    this.#adapters = adapters;
    this.#log = log;
  }

  /**
   * Carries out a command and returns what it printed, without white space at the end. For SQL, returns the first
   * column of the first row, or '' when there is none. Throws CHAOS_COMMAND when a command in a container exits with
   * another code than 0, CHAOS_NO_TARGET when the container does not exist, and CHAOS_LACKS when the topology has no
   * such place.
   */
  carryOut(command: Command, level: LogLevel): Promise<string> {
    return logged(this.#log, { to: 'topology', what: describeCommand(command), level }, this.#carryOut(command));
  }

  async #carryOut(command: Command): Promise<string> {
    for (const place of PLACES) {
      if (!(place in command)) continue;
      for (const { commands } of this.#adapters) {
        // The command has the key of this place, so this function takes it. The type does not say so here.
        const carryOut = commands?.[place] as ((command: Command) => Promise<string>) | undefined;
        if (carryOut !== undefined) return carryOut(command);
      }
      throw lackError(`"${describeCommand(command)}"`, NEEDED[place]);
    }
    throw new TypeError('a command has a place');
  }
}
