import { Command, CommanderError } from 'commander';
import { EXIT_CODE } from '../core/exits.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { World } from '../core/world.ts';
import type { AddCommand } from './common/command.ts';
import { versionOf } from '../main.ts';
import { explain, print } from './common/output.ts';
import { redactedWorld } from './common/redacted-world.ts';

/** A command is loaded when it is called, so that `chaos setup` does not load what `chaos run` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  suite: async () => (await import('./suite.ts')).suiteCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  'watch-beside': async () => (await import('./watch-beside.ts')).watchBesideCommand,
  load: async () => (await import('./load.ts')).loadCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  coverage: async () => (await import('./coverage.ts')).coverageCommand,
  calibrate: async () => (await import('./calibrate.ts')).calibrateCommand,
  validate: async () => (await import('./validate.ts')).validateCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  judge: async () => (await import('./judge.ts')).judgeCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  trend: async () => (await import('./trend.ts')).trendCommand,
  sla: async () => (await import('./sla.ts')).slaCommand,
  list: async () => (await import('./list.ts')).listCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  prune: async () => (await import('./prune.ts')).pruneCommand,
  init: async () => (await import('./init.ts')).initCommand,
  abort: async () => (await import('./abort.ts')).abortCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  heal: async () => (await import('./heal.ts')).healCommand,
  runbook: async () => (await import('./runbook.ts')).runbookCommand,
  gameday: async () => (await import('./gameday.ts')).gamedayCommand,
  autoscale: async () => (await import('./autoscale.ts')).autoscaleCommand,
  alerts: async () => (await import('./alerts.ts')).alertsCommand,
  capacity: async () => (await import('./capacity.ts')).capacityCommand,
  topology: async () => (await import('./topology.ts')).topologyCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  setup: async () => (await import('./setup.ts')).setupCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
};

const EXIT_CODES =
  '\nExit codes: 0 PASS, 1 FAIL, 2 bad input, 3 not ready, 4 INCONCLUSIVE, 5 ABORTED, 6 NOT RESTORED, 70 our bug, 130/143 interrupted\n' +
  '\nExample:\n  $ chaos run experiments/postgres-primary-loss.yaml';

/** Runs the command that the arguments name. Resolves with the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], given: World): Promise<number> {
  const world = redactedWorld(given, secretsOf(given.env));
  let code: number = EXIT_CODE.pass;
  const json = args.includes('--json');
  const program = new Command('chaos')
    .description(
      'Breaks the real topology under real load, proves that each fault bit, judges with bounds, puts everything back.',
    )
    .version(versionOf(world.root))
    .exitOverride()
    // So that an option after a verb is the verb's, also where the command above it has one of the same name.
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => world.out.write(text), writeErr: (text) => world.err.write(text) })
    .addHelpText('after', EXIT_CODES);
  const named = COMMANDS[args[0] ?? ''];
  try {
    for (const load of named === undefined ? Object.values(COMMANDS) : [named]) {
      const add = await load();
      add(program, world, (exit) => (code = exit));
    }
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error, json, world);
    if (error.exitCode === 0) return EXIT_CODE.pass;
    const message = error.message.replace(/^error: /, '');
    if (json)
      print(world, {
        schema_version: 1,
        error: { code: 'CHAOS_USAGE', message, hint: 'chaos --help' },
        exit_code: EXIT_CODE['bad-input'],
      });
    return EXIT_CODE['bad-input'];
  }
}
