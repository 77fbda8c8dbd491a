import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { World } from '../core/world.ts';
import { append, examples } from './common/command.ts';
import { type HoldFlags, holdGameday } from './common/gameday-hold.ts';

/** Beside the port of `chaos watch`, which may show the same run to others. */
const PORT = 17_079;

/** Adds the options that every verb has which holds a day. */
export const withHoldOptions = (command: Command): Command =>
  command
    .option('--port <number>', 'the port of the pages; 0 takes any free one', String(PORT))
    .option('--listen <address>', 'the address that people reach', '127.0.0.1')
    .option('--name <name>', 'another name by which people reach this machine (repeatable)', append, [])
    .option('--reports <dir>', 'the folder that receives the folders of the day and its runs (default: reports/)')
    .option('--keep', 'keep the topology up when this command brought it up', false)
    .option('--json', 'print one JSON document on stdout', false);

/** Adds what `chaos gameday FILE` does. */
export function addHold(gameday: Command, world: World, exit: (code: number) => void): void {
  withHoldOptions(gameday.command('hold', { isDefault: true }))
    .description('hold a game day: prints a link for each role, until the facilitator closes the day')
    .argument('<gameday>', 'a game day file')
    .addHelpText(
      'after',
      `${examples('chaos gameday experiments/gamedays/first-time.yaml', 'chaos gameday experiments/gamedays/saturday-morning.yaml --listen 0.0.0.0')}

Each role has a link of its own. To end everything at once: the button of the page, \`chaos abort\` or Ctrl-C.
Exit codes: 0 every inject passed; 1 an inject failed; 2 bad input; 3 not ready; 4 nothing was proven; 5 aborted; 6 something could not be put
back; 130, 143 ended by a signal (\`chaos gameday resume\` goes on)`,
    )
    .action(async (file: string, flags: HoldFlags) =>
      exit(await holdGameday({ file: resolve(world.cwd, file), flags }, world)),
    );
}
