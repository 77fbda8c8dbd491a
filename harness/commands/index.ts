import { Command, CommanderError } from 'commander';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import type { AddCommand } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { healCommand } from './heal.ts';
import { judgeCommand } from './judge.ts';
import { listCommand } from './list.ts';
import { commandVersion, explain, print } from './output.ts';
import { planCommand } from './plan.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { setupCommand } from './setup.ts';
import { statusCommand } from './status.ts';
import { topologyCommand } from './topology.ts';
import { validateCommand } from './validate.ts';

const COMMANDS: readonly AddCommand[] = [
  runCommand,
  validateCommand,
  planCommand,
  judgeCommand,
  reportCommand,
  listCommand,
  statusCommand,
  healCommand,
  topologyCommand,
  doctorCommand,
  setupCommand,
  schemaCommand,
];

const EXIT_CODES =
  '\nExit codes: 0 PASS, 1 FAIL, 2 bad input, 3 not ready, 4 INCONCLUSIVE, 5 ABORTED, 6 NOT RESTORED, 70 our bug, 130/143 interrupted\n' +
  '\nExample:\n  $ chaos run experiments/postgres-primary-loss.yaml';

/** From arguments to an exit code; never throws. */
export async function runCommandLine(args: readonly string[], world: World): Promise<number> {
  let code: number = EXIT_CODE.pass;
  const json = args.includes('--json');
  const program = new Command('chaos')
    .description('Breaks the real topology under real load, proves that each fault bit, judges with bounds, puts everything back.')
    .version(commandVersion(world.root))
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.out.write(text), writeErr: (text) => world.err.write(text) })
    .addHelpText('after', EXIT_CODES);
  for (const add of COMMANDS) add(program, world, (exit) => (code = exit));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error, json, world);
    if (error.exitCode === 0) return EXIT_CODE.pass;
    const message = error.message.replace(/^error: /, '');
    if (json) print(world, { schema_version: 1, error: { code: 'CHAOS_USAGE', message, hint: 'chaos --help' }, exit_code: EXIT_CODE['bad-input'] });
    return EXIT_CODE['bad-input'];
  }
}
