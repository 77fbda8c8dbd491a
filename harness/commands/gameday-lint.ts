import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatDuration } from '../core/duration.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor } from '../main.ts';
import { composeMissing, renderProblems } from '../plan/index.ts';
import { examples } from './common/command.ts';
import { gamedayRead } from './common/gameday-file.ts';
import { moreOn, print } from './common/output.ts';

/** Adds the verb `lint`. */
export function addLint(gameday: Command, world: World, exit: (code: number) => void): void {
  gameday
    .command('lint')
    .description(
      'name every mistake in a game day as file:line:column: nobody who may abort, nothing expected, an agenda that does not fit its time, runbooks and alerts that do not exist; starts nothing',
    )
    .argument('<gameday>', 'a game day file')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos gameday lint experiments/gamedays/first-time.yaml'))
    .action(async (file: string, { json }: { readonly json: boolean }) => {
      const known = await cataloguesFor([], world.cwd);
      const { gameday, problems, warnings } = gamedayRead(resolve(world.cwd, file), known, world);
      if (problems.length === 0 && gameday === undefined) throw composeMissing();
      const all = [...problems, ...warnings];
      const ok = problems.length === 0;
      if (json) print(world, { schema_version: 1, ok, problems: all });
      else {
        if (all.length > 0) world.err.write(renderProblems(all, world.cwd) + moreOn(all.map(({ code }) => code)));
        if (gameday !== undefined) {
          const { title, injects, lengthMs } = gameday.day;
          world.out.write(
            `${title}: ${injects.length} ${injects.length === 1 ? 'inject' : 'injects'} in ${formatDuration(lengthMs)}, without a mistake\n`,
          );
        }
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
}
