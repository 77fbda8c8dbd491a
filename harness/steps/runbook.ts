import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { defineStep, type StepRun } from '../core/kinds/step.ts';
import { later } from '../core/plan/moment.ts';
import { namedRandom } from '../core/random.ts';
import { WATCHED_MS } from '../core/runbook/recovery.ts';
import { commandsOf, type Part, PARTS, type Runbook } from '../core/runbook/runbook.ts';
import type { CommandSaid, SystemState } from '../core/runbook/said.ts';
import { carryOut, waysBack } from '../kit/runbook/carry-out.ts';
import { commandAttributes, commandOf } from '../kit/runbook/command.ts';
import { unknownService } from '../kit/refers.ts';
import { duration } from '../kit/schema.ts';
import { phaseLength } from './parts/phase-length.ts';

/** What a person does with the runbook: only confirm, before the failure; hands off; or everything that it says. */
const ARMS = ['look', 'control', 'treatment'] as const;
export type Arm = (typeof ARMS)[number];

export interface PlannedRunbook {
  /** "runbook-1": made like the id of a fault. */
  readonly id: string;
  readonly runbook: Pick<Runbook, 'name' | 'beginsMs' | 'withinMs' | 'commands'>;
  readonly as: Arm;
  /** After it worked, or after the promise is over, the system is watched for this long, milliseconds. */
  readonly watchedMs: number;
}

const ON_HOST = 'host';
/** Milliseconds between two looks at whether it worked. */
const LOOK_AGAIN_MS = 1_000;
/** At the end of the control arm, a person looks whether it worked: this share of `watched` before the end. */
const LAST_LOOK = 0.5;

const shape = z.strictObject({
  name: z.string().min(1).meta({ description: 'The name of the runbook' }),
  as: z.enum(ARMS).default('treatment').meta({
    description: 'look: only confirm; control: hands off; treatment: everything that the runbook says',
  }),
  begins: duration.default(5_000).meta({ description: 'A person begins so long after the failure' }),
  watched: duration.default(WATCHED_MS).meta({ description: 'How long the system is watched after it worked' }),
  within: duration.meta({
    description: 'The promise: healthy again so long after the first command',
    examples: ['30s'],
  }),
  commands: z
    .array(
      commandAttributes.safeExtend({
        part: z.enum(PARTS),
        run: z.string().min(1).meta({ description: 'A script for sh; on the host one `docker compose` command' }),
        line: z.int().min(0).default(0).meta({ description: 'The line of the command in the runbook' }),
      }),
    )
    .min(1),
});

/** How long the step lasts at most, milliseconds. */
const lengthOf = ({ as, runbook, watchedMs }: PlannedRunbook): number => {
  if (as === 'look') return commandsOf(runbook, 'confirm').reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  const { beginsMs, withinMs } = runbook;
  return beginsMs + withinMs + watchedMs;
};

/** Follows a runbook as a person on call would. */
export default defineStep<PlannedRunbook>({
  name: 'runbook',
  key: 'runbook',
  forms: () => [
    {
      name: 'runbook',
      summary: 'Carries out the commands of a runbook as a person on call would. `chaos runbook validate` writes it.',
      example: {
        name: 'redis-full',
        within: '30s',
        commands: [
          { name: 'raise', part: 'do', in: 'redis', does: 'changes', run: 'redis-cli config set maxmemory 512mb' },
        ],
      },
      schema: shape,
    },
  ],
  read(item) {
    const id = item.id();
    const parsed = item.parsed as z.output<typeof shape> | undefined;
    if (parsed === undefined) return undefined;
    const { name, as, begins, within, watched, commands } = parsed;
    const read = commands.map(({ part, run, line, ...attributes }) => commandOf(attributes, { part, run, line }));
    return { id, as, watchedMs: watched, runbook: { name, beginsMs: begins, withinMs: within, commands: read } };
  },
  times: (step, turn) => ({ begins: turn, ends: later(turn, 0, lengthOf(step)) }),
  outline({ runbook: { name, commands }, as }) {
    const rows = [{ runbook: { name, as, commands: commands.length } }];
    return { rows, lines: [`runbook      ${name}, as ${as}: ${commands.length} commands`], faults: [] };
  },
  mismatches({ runbook }, { topology, path }) {
    if (topology === undefined) return [];
    const names = [...Object.keys(topology.services), ...Object.keys(topology.groups)];
    return runbook.commands.flatMap(({ where }, i) =>
      where === ON_HOST || names.includes(where.target.service)
        ? []
        : [unknownService(topology, where.target.service, [...path, 'commands', i, 'in'])],
    );
  },
  misfit(step, { begins, path, phase }) {
    const needs = begins.latest + lengthOf(step);
    if (needs <= phase) return undefined;
    const message = `the runbook may last until ${formatDuration(needs)} after its phase began, ${phaseLength(phase)}`;
    const hint = 'Shorten "within" or "begins", or lengthen phases.fault.';
    return { path: [...path, 'within'], code: 'CHAOS_FAULT_TOO_LONG', message, hint };
  },
  async carryOut(step, { from }, run) {
    const { id, as, runbook } = step;
    const { name, beginsMs } = runbook;
    const person = new Person(step, run);
    run.emit({ t: run.clock.now(), kind: 'step.began', id, step: 'runbook', text: `runbook ${name}, as ${as}` });
    const done = async (): Promise<boolean> => {
      if (as === 'look') return person.all('confirm', 'sound');
      if (!(await run.until(from + beginsMs))) return false;
      return as === 'control' ? person.watch(from + lengthOf(step)) : person.treat(from + beginsMs);
    };
    const inTime = await done();
    const t = run.clock.now();
    const text = `runbook ${name}, as ${as}, has ended`;
    run.emit({ t, kind: 'step.ended', id, step: 'runbook', outcome: inTime ? 'done' : 'cut short', text });
    return inTime ? t : undefined;
  },
});

/** A person who follows a runbook. Each method resolves with false when the fault phase ended before. */
class Person {
  readonly #step: PlannedRunbook;
  readonly #run: StepRun;

  constructor(step: PlannedRunbook, run: StepRun) {
    this.#step = step;
    this.#run = run;
  }

  /** Carries out a part, whatever becomes of its commands. */
  async all(part: Part, state: SystemState): Promise<boolean> {
    for (const command of commandsOf(this.#step.runbook, part)) {
      if (this.#run.going.aborted) return false;
      await this.#one(command, state);
    }
    return true;
  }

  /** Hands off: confirms, waits, and looks at the end whether it worked. */
  async watch(until: number): Promise<boolean> {
    if (!(await this.all('confirm', 'failed'))) return false;
    if (!(await this.#run.until(until - this.#step.watchedMs * LAST_LOOK))) return false;
    if (!(await this.all('worked', 'failed'))) return false;
    const watched = await this.#run.until(until);
    if (watched) this.#run.end();
    return watched;
  }

  /** Does everything that the runbook says. Stops at the first command that fails, as a person would. */
  async treat(begun: number): Promise<boolean> {
    const { runbook } = this.#step;
    if (!(await this.all('confirm', 'failed'))) return false;
    await this.#keepWaysBack();
    for (const command of commandsOf(runbook, 'do')) {
      if (this.#run.going.aborted) return false;
      if ((await this.#one(command, 'treated')).problem !== undefined) break;
    }
    const promised = begun + runbook.withinMs;
    while (!(await this.#worked()) && this.#run.clock.now() < promised) {
      if (!(await this.#run.until(this.#run.clock.now() + LOOK_AGAIN_MS))) return false;
    }
    if (!(await this.#run.until(this.#run.clock.now() + this.#step.watchedMs))) return false;
    const back = await this.all('way back', 'treated');
    // The arm is over: what it shows is in the record. So the fault phase may end early.
    if (back) this.#run.end();
    return back;
  }

  /** What the runbook changes is taken back whatever becomes of this process: its way back is on disk before it acts. */
  async #keepWaysBack(): Promise<void> {
    const { topology, clock, keep } = this.#run;
    const { id, runbook } = this.#step;
    const world = { runbook: runbook.name, topology, clock, random: namedRandom(0, id) };
    for (const command of commandsOf(runbook, 'way back'))
      for (const way of await waysBack(command, world)) await keep(id, way);
  }

  /** Looks once whether it worked. Resolves with true when each look says so. */
  async #worked(): Promise<boolean> {
    for (const command of commandsOf(this.#step.runbook, 'worked')) {
      if (this.#run.going.aborted) return false;
      if ((await this.#one(command, 'treated')).problem !== undefined) return false;
    }
    return true;
  }

  async #one(command: Runbook['commands'][number], state: SystemState): Promise<CommandSaid> {
    const { topology, clock, emit } = this.#run;
    const { id, runbook } = this.#step;
    const random = namedRandom(0, id);
    const said = await carryOut(command, state, { runbook: runbook.name, topology, clock, random });
    emit({ t: clock.now(), kind: 'runbook.command', id, ...said });
    return said;
  }
}
