import type { Command } from 'commander';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor } from '../main.ts';
import { renderProblems } from '../plan/index.ts';
import { examples } from './common/command.ts';
import { lintedRunbooks } from './common/linted-runbooks.ts';
import { moreOn, print } from './common/output.ts';
import { runbookFiles } from './common/runbook-files.ts';

/** Adds the verb `lint`. */
export function addLint(runbook: Command, world: World, exit: (code: number) => void): void {
  runbook
    .command('lint')
    .description(
      'name every mistake in runbooks as file:line:column: missing parts, names that the topology lacks, commands that expect nothing, secrets; starts nothing',
    )
    .argument('[runbooks...]', 'names or files; default: all of runbooks/')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos runbook lint', 'chaos runbook lint redis-full'))
    .action(async (names: readonly string[], { json }: { readonly json: boolean }) => {
      const files = runbookFiles(names, world);
      const known = await cataloguesFor([], world.cwd);
      const { problems } = lintedRunbooks(files, known, world);
      const ok = problems.length === 0;
      if (json) print(world, { schema_version: 1, ok, runbooks: files.length, problems });
      else {
        if (!ok) world.err.write(renderProblems(problems, world.cwd) + moreOn(problems.map(({ code }) => code)));
        const count = `${problems.length} mistake${problems.length === 1 ? '' : 's'}`;
        world.out.write(ok ? `${files.length} runbooks without a mistake\n` : `${count} in ${files.length} runbooks\n`);
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
}
