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
      'name every mistake in runbooks as file:line:column: missing parts, names that the topology lacks, programs that are not in the image, alerts that no rule gives, rules that lead nowhere, commands that expect nothing, secrets; starts nothing',
    )
    .argument('[runbooks...]', 'names or files; default: all of runbooks/')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos runbook lint', 'chaos runbook lint redis-full'))
    .action(async (names: readonly string[], { json }: { readonly json: boolean }) => {
      const files = runbookFiles(names, world);
      const known = await cataloguesFor([], world.cwd);
      const { problems, warnings, alerts, unknownImages } = lintedRunbooks(names, known, world);
      const ok = problems.length === 0;
      if (json)
        print(world, {
          schema_version: 1,
          ok,
          runbooks: files.length,
          problems,
          warnings,
          alerts,
          unchecked_images: unknownImages,
        });
      else {
        const told = [...problems, ...warnings];
        if (told.length > 0) world.err.write(renderProblems(told, world.cwd) + moreOn(told.map(({ code }) => code)));
        if (unknownImages.length > 0)
          world.err.write(
            `programs were not checked in ${unknownImages.join(', ')}: \`chaos setup\` looks into the images that it builds\n`,
          );
        const count = `${problems.length} mistake${problems.length === 1 ? '' : 's'}`;
        const rules = Object.values(alerts);
        const leading = rules.filter((runbooks) => runbooks.length > 0).length;
        const led =
          names.length > 0 || rules.length === 0 ? '' : `; ${leading} of ${rules.length} alert rules lead to one`;
        world.out.write(
          `${ok ? `${files.length} runbooks without a mistake` : `${count} in ${files.length} runbooks`}${led}\n`,
        );
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
}
