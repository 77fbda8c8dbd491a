import { type Command, describeCommand } from '../../../../../harness/core/topology/command.ts';
import type { Scene } from '../scene.ts';

/** Carries out a command in a container, in its network or beside its cgroup. Returns what the command prints. */
type Deed = (scene: Scene, container: string, user: string) => string | undefined | void;

/** A command that the topology in memory understands. */
export interface Known {
  /** The name of a script (`sh -c TEXT NAME`), or a pattern of the whole command line or of a script without a name. */
  readonly is: string | RegExp;
  /** `args`: the arguments of the script, or the groups of the pattern. */
  readonly does: (...args: string[]) => Deed;
}

/** Returns what a command does. Throws when it is not known. */
export function meant(known: readonly Known[], command: Extract<Command, { run: readonly string[] }>): Deed {
  const { run } = command;
  const [, , text = '', name, ...args] = run;
  const script = run[0] === 'sh' && run[1] === '-c';
  const line = script ? text : run.join(' ');
  for (const { is, does } of known) {
    if (typeof is === 'string' && script && is === name) return does(...args);
    const found = is instanceof RegExp && (!script || name === undefined) ? is.exec(line) : null;
    if (found !== null) return does(...found.slice(1));
  }
  throw new UnknownCommand(describeCommand(command));
}

/** A command whose effect the topology in memory does not know. */
export class UnknownCommand extends Error {
  constructor(command: string) {
    super(`the topology in memory does not know what this does: ${command}`);
  }
}
