import type { Figure } from '../calibration/figure.ts';
import { selfTest } from '../calibration/self-test.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { Interruption } from '../engine/interruption.ts';
import { clock, hostFacts, load } from '../main.ts';
import { renderFigures } from '../reporters/calibration-console.ts';
import { type AddCommand, append, examples } from './command.ts';
import { measureNoise, type NoiseFlags } from './measure-noise.ts';
import { commandVersion, print } from './output.ts';

interface Flags extends NoiseFlags {
  readonly quick: boolean;
}

export const calibrateCommand: AddCommand = (program, world, exit) => {
  program
    .command('calibrate')
    .description(
      "prove the load instrument against a server whose every misdeed is known; or measure an experiment's noise",
    )
    .argument(
      '[experiment]',
      'run its load again and again without its faults, and state how its figures differ by themselves',
    )
    .option('--runs <number>', 'of the experiment: how often', '5')
    .option('--set <path=value>', 'of the experiment: override a value of the file (repeatable)', append, [])
    .option('--reports <dir>', 'of the experiment: where the folders go (default: reports/)')
    .option('--quick', 'without an experiment: shorter cases, for a first look', false)
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos calibrate', 'chaos calibrate --quick --json', 'chaos calibrate experiments/redis-loss.yaml --runs 5')}

Exit codes: 0 every figure is right, or the noise was measured; 1 a figure is wrong: do not believe this machine's
figures; 4 too few runs came to their end or were offered as planned; 130 Ctrl-C`,
    )
    .action(async (experiment: string | undefined, flags: Flags) =>
      exit(await (experiment === undefined ? calibrate(flags, world) : measureNoise(experiment, flags, world))),
    );
};

async function calibrate(flags: Flags, world: World): Promise<number> {
  const interruption = new Interruption();
  using _signals = world.onSignals((signal) => {
    if (interruption.interrupt(signal) > 1) world.exitNow(EXIT_CODE.interrupted);
  });
  const environment = await hostFacts(world.root, world.command, commandVersion(world.root));
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
  else world.out.write(renderFigures(figures));
  return code;
}

function exitCodeOf(figures: readonly Figure[], interruption: Interruption): number {
  if (interruption.by !== undefined) return EXIT_CODE[interruption.by === 'SIGINT' ? 'interrupted' : 'terminated'];
  return figures.every((f) => f.ok) ? EXIT_CODE.pass : EXIT_CODE.fail;
}
