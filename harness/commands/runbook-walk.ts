import type { Command } from 'commander';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { seededRandom } from '../core/random.ts';
import {
  describeExpectation,
  HEADINGS,
  PARTS,
  type RunbookCommand,
  commandsOf,
  whereText,
} from '../core/runbook/runbook.ts';
import type { Topology } from '../core/topology/control.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { World } from '../core/world.ts';
import { carryOut } from '../kit/runbook/carry-out.ts';
import { cataloguesFor, clock, placesOfTopology, sessionParts, topologyControl } from '../main.ts';
import type { ReadRunbook } from '../plan/index.ts';
import { type Taken, takeHealed } from '../session/take.ts';
import { badFile } from './common/bad-file.ts';
import { examples } from './common/command.ts';
import { armPlan } from './common/runbook-arms.ts';
import { lintedRunbooks } from './common/linted-runbooks.ts';

/** Adds the verb `walk`. */
export function addWalk(runbook: Command, world: World, exit: (code: number) => void): void {
  runbook
    .command('walk')
    .description(
      'follow a runbook step by step in the terminal: prints each command, and with --do carries it out when you say so',
    )
    .argument('<runbook>', 'a name or a file')
    .option(
      '--do',
      'carry out each command after a question, while no run is at work; without it nothing is touched',
      false,
    )
    .addHelpText('after', examples('chaos runbook walk redis-full', 'chaos runbook walk redis-full --do'))
    .action(async (name: string, flags: { readonly do: boolean }) => exit(await walk(name, flags.do, world)));
}

async function walk(name: string, acts: boolean, world: World): Promise<number> {
  const known = await cataloguesFor([], world.cwd);
  const { runbooks, problems } = lintedRunbooks([name], known, world);
  if (problems.length > 0) throw badFile(problems, world);
  const [runbook] = runbooks;
  if (runbook === undefined) throw new TypeError('a runbook without mistakes is read');
  const { ask } = world;
  if (acts && ask === undefined)
    throw new ChaosError('CHAOS_USAGE', {
      what: '--do asks before each command, and stdin is no terminal',
      hint: 'Call it in a terminal, or leave --do out: then nothing is touched.',
      exit: 'bad-input',
    });
  if (!acts || ask === undefined) return follow(runbook, undefined, world);
  const { topology: spec } = armPlan(runbook, 'treatment', known, world);
  using _taken = await held(spec, world);
  await using topology = topologyControl(spec, world.env);
  return await follow(runbook, { ask, topology }, world);
}

/** Takes the topology, so that no run is at work while a person changes it. Throws CHAOS_RUNBOOK_HELD. */
async function held(spec: TopologySpec, world: World): Promise<Taken> {
  const say = (line: string): void => world.err.write(`${line}\n`);
  const places = await placesOfTopology(spec.project, world.env);
  try {
    return await takeHealed(places, 'runbook walk', spec, sessionParts({ ...world, say }));
  } catch (error) {
    if (!(error instanceof ChaosError) || error.code !== 'CHAOS_RUN_ACTIVE') throw error;
    throw new ChaosError('CHAOS_RUNBOOK_HELD', {
      what: `nothing of the runbook was carried out: ${error.message}`,
      hint: 'Without --do, `chaos runbook walk` prints the commands and needs nobody to wait. With it, wait until `chaos status` says that the topology is free.',
      exit: 'not-ready',
    });
  }
}

interface Acting {
  readonly ask: NonNullable<World['ask']>;
  readonly topology: Topology;
}

/** Goes through the runbook. Without `acting` nothing is asked and nothing is touched. */
async function follow(runbook: ReadRunbook, acting: Acting | undefined, world: World): Promise<number> {
  world.out.write(`${runbook.title}\n  ${runbook.file}\n`);
  for (const part of PARTS) {
    const commands = commandsOf(runbook, part);
    if (commands.length > 0) world.out.write(`\n${HEADINGS[part]}\n`);
    for (const command of commands) {
      world.out.write(commandText(command));
      if (acting === undefined) continue;
      const answer = await acting.ask(`  ${command.ask ?? 'carry it out?'} [Enter: yes, s: skip, q: leave] `);
      if (answer === undefined || answer.trim() === 'q') return EXIT_CODE.pass;
      if (answer.trim() !== 's') await act(command, runbook, acting.topology, world);
    }
  }
  return EXIT_CODE.pass;
}

const commandText = ({ name, where, run, expect, changes }: RunbookCommand): string => {
  const place = where === 'host' ? 'on the host' : `in ${whereText(where)}`;
  const does = changes ? 'changes something' : 'only looks';
  return `  ${name} (${place}; ${does}; ${describeExpectation(expect)})\n${run.trim().replaceAll(/^/gm, '    $ ')}\n`;
};

async function act(command: RunbookCommand, runbook: ReadRunbook, topology: Topology, world: World): Promise<void> {
  const said = await carryOut(command, command.changes ? 'treated' : 'failed', {
    runbook: runbook.name,
    topology,
    clock,
    random: seededRandom(1),
  });
  const result = said.problem === undefined ? 'as expected' : said.problem;
  world.out.write(`${said.output.trim().replaceAll(/^/gm, '    ')}\n  → ${result} (${said.place ?? 'nowhere'})\n`);
}
