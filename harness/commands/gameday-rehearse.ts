import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { World } from '../core/world.ts';
import { duration } from '../kit/schema.ts';
import { clock } from '../main.ts';
import { rehearse } from '../modes/gameday/rehearse.ts';
import { examples } from './common/command.ts';
import { type HoldFlags, holdGameday } from './common/gameday-hold.ts';
import { badFlag } from './common/load-options.ts';
import { withHoldOptions } from './gameday-hold.ts';

interface Flags extends HoldFlags {
  readonly time?: string;
}

/** Adds the verb `rehearse`. */
export function addRehearse(gameday: Command, world: World, exit: (code: number) => void): void {
  withHoldOptions(gameday.command('rehearse'))
    .description(
      'carry out every inject without people: shows whether each bites, whether its alert fires, and whether everything comes back',
    )
    .argument('<gameday>', 'a game day file')
    .option('--time <duration>', 'an inject is in force no longer than this (default: its own time)')
    .addHelpText('after', examples('chaos gameday rehearse experiments/gamedays/first-time.yaml --time 60s'))
    .action(async (file: string, flags: Flags) => {
      const shorterMs = timeOf(flags.time);
      const say = (line: string): void => world.err.write(`${line}\n`);
      exit(
        await holdGameday(
          {
            file: resolve(world.cwd, file),
            flags,
            direct: (engine, over) => rehearse(engine, { clock, shorterMs, say, over }),
          },
          world,
        ),
      );
    });
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = duration.safeParse(text).data;
  if (ms === undefined || ms <= 0) throw badFlag(`--time ${text} is no duration`, 'Write for example --time 60s.');
  return ms;
}
