import { resolve } from 'node:path';
import type { Figure } from '../modes/calibrate/figure.ts';
import { selfTest } from '../modes/calibrate/self-test.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { Interruption } from '../run/interruption.ts';
import { clock, hostFacts, load, sessionParts } from '../main.ts';
import { measureNoise } from '../modes/calibrate/measure-noise.ts';
import { renderFigures } from '../reporters/console/calibration.ts';
import { consoleReporter } from '../reporters/console/index.ts';
import { renderNoise } from '../reporters/console/noise.ts';
import { openSession } from '../session/open-session.ts';
import { endAtSignals } from '../session/signals.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { cataloguesOf, plannedOrExplain } from './common/planned.ts';

interface Flags {
  readonly json: boolean;
  readonly quick: boolean;
  readonly runs: string;
  readonly set: readonly string[];
  readonly reports?: string;
}

export const calibrateCommand: AddCommand = (program, world, exit) => {
  program
    .command('calibrate')
    .description(
      "check the load instrument against a server whose every misdeed is known, or measure an experiment's noise",
    )
    .argument(
      '[experiment]',
      'an experiment file: run its load again and again without faults, and measure how its figures differ',
    )
    .option('--runs <number>', 'with an experiment: how many runs count', '5')
    .option('--set <path=value>', 'with an experiment: override a value of the file (repeatable)', append, [])
    .option('--reports <dir>', 'with an experiment: the folder that receives the results (default: reports/)')
    .option('--quick', 'without an experiment: shorter cases', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos calibrate', 'chaos calibrate --quick --json', 'chaos calibrate experiments/redis-loss.yaml --runs 5')}

Exit codes: 0 every figure is right, or the noise was measured; 1 a figure is wrong: do not believe this machine's
figures; 4 too few runs came to their end or were offered as planned; 130 Ctrl-C`,
    )
    .action(async (experiment: string | undefined, flags: Flags) =>
      exit(await (experiment === undefined ? calibrate(flags, world) : noise(experiment, flags, world))),
    );
};

async function noise(file: string, flags: Flags, world: World): Promise<number> {
  const wanted = Number(flags.runs);
  if (!Number.isInteger(wanted) || wanted < 2 || wanted > 100)
    throw badFlag(`--runs ${flags.runs} is not possible`, 'Write a whole number from 2 to 100.');
  const known = await cataloguesOf(file, world);
  const plan = plannedOrExplain(file, flags.set, world, known);
  const say = (line: string): void => world.err.write(`${line}\n`);
  const reports = flags.reports === undefined ? undefined : resolve(world.cwd, flags.reports);
  const parts = sessionParts({ ...world, reports, say, known });
  await using session = await openSession(plan.topology, parts);
  using _signals = endAtSignals({ world, session, clock });
  const subscribers = () => [consoleReporter(world.err)];
  const document = await measureNoise({
    session,
    plan,
    wanted,
    catalogue: known,
    reports: parts.reports,
    subscribers,
    say,
  });
  await session.close();
  if (flags.json) print(world, document);
  else world.out.write(renderNoise(document));
  return document.exit_code;
}

async function calibrate(flags: Flags, world: World): Promise<number> {
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => {
    if (interruption.interrupt(signal) > 1) world.exitNow(EXIT_CODE.interrupted);
  });
  const environment = await hostFacts(world.root, world.command);
  const figures = await selfTest({
    load,
    clock,
    interruption,
    environment,
    seed: 42,
    quick: flags.quick,
    say: (line) => world.err.write(`${line}\n`),
  });
  const code = exitCodeOf(figures, interruption);
  if (flags.json)
    print(world, {
      schema_version: 1,
      ok: code === EXIT_CODE.pass,
      exit_code: code,
      quick: flags.quick,
      figures,
      environment,
    });
  else world.out.write(renderFigures(figures, interruption.by === undefined));
  return code;
}

function exitCodeOf(figures: readonly Figure[], interruption: Interruption): number {
  if (interruption.by !== undefined) return EXIT_CODE[interruption.by === 'SIGINT' ? 'interrupted' : 'terminated'];
  return figures.every((f) => f.ok) ? EXIT_CODE.pass : EXIT_CODE.fail;
}
