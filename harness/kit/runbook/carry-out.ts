import type { Clock } from '../../core/clock.ts';
import { withDeadline } from '../../core/deadline.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { type CommandProblem, type CommandSaid, OUTPUT_CHARACTERS, type SystemState } from '../../core/runbook/said.ts';
import { meetsExpectation, type RunbookCommand } from '../../core/runbook/runbook.ts';
import type { Command } from '../../core/topology/command.ts';
import type { Topology } from '../../core/topology/control.ts';
import type { UndoStep } from '../../core/topology/undo.ts';
import { composeArguments } from './host-command.ts';

/** What a command of a runbook needs of the world. */
export interface CommandWorld {
  readonly runbook: string;
  readonly topology: Topology;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/** The engine needs this long beside the command itself, milliseconds. */
const ENGINE_MS = 5_000;

/**
 * Runs the script and prints how it ended, so that a script which fails still tells what it printed. The name is what
 * people see of it.
 */
const WRAPPED = 'sh -c "$1" 2>&1; code=$?; echo; echo "exit $code"';
const ENDING = /\n?exit (\d+)\s*$/;

/** POSIX: 127 when a program is not there, 126 when it is no program. */
const NO_PROGRAM = new Set([126, 127]);

/** Carries out one command of a runbook, wherever it belongs. Never throws: what went wrong is in the result. */
export async function carryOut(command: RunbookCommand, state: SystemState, world: CommandWorld): Promise<CommandSaid> {
  const { name, part } = command;
  const begun = world.clock.now();
  const told = (rest: Pick<CommandSaid, 'place' | 'code' | 'output' | 'problem'>): CommandSaid => ({
    runbook: world.runbook,
    name,
    part,
    state,
    ...rest,
    output: rest.output.slice(0, OUTPUT_CHARACTERS),
    ms: world.clock.now() - begun,
  });
  try {
    const places = await placesOf(command, world);
    if (places.length === 0) return told({ code: null, output: '', problem: 'no place' });
    const outputs: string[] = [];
    for (const place of places) {
      const { code, output } = await ended(command, place, world.topology);
      outputs.push(output);
      if (code !== 0) return told({ place, code, output, problem: NO_PROGRAM.has(code) ? 'not found' : 'failed' });
    }
    const output = outputs.join('\n');
    const met = outputs.every((one) => meetsExpectation(one, command.expect));
    return told({ place: places.join(', '), code: 0, output, ...(met ? {} : { problem: 'other output' }) });
  } catch (error) {
    return told({ code: null, output: describeError(error), problem: problemOf(error) });
  }
}

/** Returns the names of the containers in which a command runs, or "host". Without `every`, the first one. */
async function placesOf({ where }: RunbookCommand, { topology, random }: CommandWorld): Promise<readonly string[]> {
  if (where === 'host') return ['host'];
  const found = await topology.containers.resolve(where.target, random);
  const names = found.map(({ name }) => name);
  return where.every === true ? names : names.slice(0, 1);
}

/**
 * Returns what reverses the changes of a runbook: a command of its way back, wherever it belongs now. Throws CHAOS_NO_TARGET
 * when it belongs nowhere, and CHAOS_HOST_COMMAND.
 */
export async function waysBack(command: RunbookCommand, world: CommandWorld): Promise<readonly UndoStep[]> {
  const { run, name, user, timeoutMs: ms } = command;
  return (await placesOf(command, world)).map((place): UndoStep => {
    if (command.where === 'host')
      return { do: 'command', command: { compose: composeArguments(run, world.topology.spec.hostCommands) } };
    const inPlace = {
      in: place,
      run: ['sh', '-c', 'sh -c "$1"', name, run],
      ms,
      ...(user === undefined ? {} : { user }),
    };
    return { do: 'command', command: inPlace };
  });
}

async function ended(
  { where, run, user, timeoutMs, changes, name }: RunbookCommand,
  place: string,
  topology: Topology,
): Promise<{ readonly code: number; readonly output: string }> {
  const ms = timeoutMs + ENGINE_MS;
  const command: Command =
    where === 'host'
      ? { compose: composeArguments(run, topology.spec.hostCommands) }
      : { in: place, run: ['sh', '-c', WRAPPED, name, run], ms, ...(user === undefined ? {} : { user }) };
  const said = await withDeadline(name, timeoutMs, changes ? topology.act(command) : topology.ask(command));
  if (where === 'host') return { code: 0, output: said };
  const [ending, code] = ENDING.exec(said) ?? [];
  return { code: code === undefined ? -1 : Number(code), output: said.slice(0, said.length - (ending?.length ?? 0)) };
}

function problemOf(error: unknown): CommandProblem {
  if (!(error instanceof ChaosError)) return 'failed';
  if (error.code === 'CHAOS_NO_TARGET') return 'no place';
  if (error.code === 'CHAOS_DEADLINE') return 'no answer in time';
  if (error.code === 'CHAOS_HOST_COMMAND') return 'not allowed';
  const code = error.code === 'CHAOS_COMMAND' ? error.facts['code'] : undefined;
  return typeof code === 'number' && NO_PROGRAM.has(code) ? 'not found' : 'failed';
}
