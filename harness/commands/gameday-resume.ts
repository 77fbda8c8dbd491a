import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { World } from '../core/world.ts';
import { fileOfGameday } from '../modes/gameday/open-record.ts';
import { examples } from './common/command.ts';
import { type HoldFlags, holdGameday } from './common/gameday-hold.ts';
import { runFolder } from './common/run-folder.ts';
import { withHoldOptions } from './gameday-hold.ts';

/** Adds the verb `resume`. */
export function addResume(gameday: Command, world: World, exit: (code: number) => void): void {
  withHoldOptions(gameday.command('resume'))
    .description('go on with a game day whose process died or was ended: no event is lost, and open pages go on')
    .argument('[gameday]', 'a game day, its folder, or `latest`', 'latest')
    .addHelpText('after', examples('chaos gameday resume', 'chaos gameday resume 3f9a'))
    .action(async (name: string, flags: HoldFlags) => {
      const dir = resolve(runFolder(name, ['gameday'], world, flags.reports));
      exit(await holdGameday({ file: fileOfGameday(dir), resumed: dir, flags }, world));
    });
}
