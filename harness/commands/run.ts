import { resolve } from 'node:path';
import type { World } from '../core/world.ts';
import { clock, sessionParts } from '../main.ts';
import { consoleReporter, renderVerdict } from '../reporters/console/index.ts';
import { openSession } from '../session/open-session.ts';
import { endAtSignals } from '../session/signals.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { cataloguesOf, plannedOrExplain } from './common/planned.ts';
import { watchBeside } from './common/watch-beside.ts';

const SIGNALS = `

Ctrl-C: everything is put back, checked and reported (exit 130)
  a second Ctrl-C: every undo starts at once, unchecked; the run leaves after 3 s at most; the guardian does the rest
  a third Ctrl-C: the run leaves at once, and the guardian does the rest
SIGTERM, SIGHUP: as Ctrl-C, but the run leaves after 5 s at most, and the guardian writes the report (exit 143)`;

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
  readonly seed?: string;
  readonly reports?: string;
  readonly keep: boolean;
  readonly watch: boolean;
}

export const runCommand: AddCommand = (program, world, exit) => {
  program
    .command('run')
    .description('run an experiment: break the topology under load, judge, put everything back')
    .argument('<experiment>', 'an experiment file')
    .option(
      '--set <path=value>',
      'override a value of the file, for example phases.baseline=10s (repeatable)',
      append,
      [],
    )
    .option('--seed <number>', 'use this seed and not the seed of the file')
    .option('--reports <dir>', "the folder that receives the run's folder (default: reports/)")
    .option('--keep', 'keep the topology up when this run brought it up', false)
    .option('--watch', 'show the run on a page of this machine while it goes on: its link is printed', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos run experiments/postgres-primary-loss.yaml',
        'chaos run experiments/redis-loss.yaml --set phases.fault=60s --json',
        'chaos run experiments/redis-loss.yaml --watch',
      ) + SIGNALS,
    )
    .action(async (file: string, flags: Flags) => exit(await run(file, flags, world)));
};

async function run(file: string, flags: Flags, world: World): Promise<number> {
  const overrides = flags.seed === undefined ? flags.set : [...flags.set, `seed=${flags.seed}`];
  const known = await cataloguesOf(file, world);
  const plan = plannedOrExplain(file, overrides, world, known);
  const parts = sessionParts({
    ...world,
    known,
    reports: flags.reports === undefined ? undefined : resolve(world.cwd, flags.reports),
    say: (line) => world.err.write(`${line}\n`),
  });
  using page = flags.watch ? watchBeside(parts.reports, world) : undefined;
  await using session = await openSession(plan.topology, parts, { keep: flags.keep, bringUp: 'in the first run' });
  using _signals = endAtSignals({ world, session, clock });
  const subscribers = [consoleReporter(world.err), ...(page === undefined ? [] : [page.subscriber])];
  const document = await session.run(plan, { subscribers });
  await session.close();
  if (flags.json) print(world, document);
  else world.err.write(renderVerdict(document, world.err));
  return document.exit_code;
}
