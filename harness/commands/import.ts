import { resolve } from 'node:path';
import { describeError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { secretsOf } from '../core/text/secrets.ts';
import { cataloguesFor, reportsDir, resultStore, writeIndex } from '../main.ts';
import { type Imported, importRuns, type RefusedFolder } from '../modes/import/import.ts';
import { Keeping } from '../modes/import/keeping.ts';
import { type AddCommand, examples } from './common/command.ts';
import { explain, print } from './common/output.ts';

interface Flags {
  readonly json: boolean;
  readonly reports?: string;
}

export const importCommand: AddCommand = (program, world, exit) => {
  program
    .command('import')
    .description('take runs from elsewhere: check each record, copy its folder to the reports, index it')
    .argument('<folders...>', 'the folder of a run, or a folder that holds such folders')
    .option('--reports <dir>', 'the folder that holds the runs')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos import /mnt/ci/reports', 'chaos import artefact/20261124T043000Z-redis-loss-3f9a')}

A run that is there already is not copied again, and gets its rows in the results database. run.json and the reports are
made again from the record. Exit codes: 0; 2 a folder was refused, and the others were imported; 3 something could not be
written`,
    )
    .action(async (folders: readonly string[], { json, reports }: Flags) => {
      const to = reports === undefined ? reportsDir(world.root, world.env) : resolve(world.cwd, reports);
      const known = await cataloguesFor([], world.cwd);
      const warn = (message: string): void => world.err.write(`warning: ${message}\n`);
      await using keeping = new Keeping({
        reporters: known.reporters,
        openStore: () => resultStore(to, world.env, warn),
        redactOf: ({ history }) => secretsOf(world.env, history.plan.topology),
        warn,
      });
      const { runs, refused } = await importRuns({
        folders: folders.map((folder) => resolve(world.cwd, folder)),
        reports: to,
        catalogue: known,
        keep: (judged, copied) => keeping.keep(judged, copied),
      });
      if (runs.length > 0) writeIndex(to);
      const code = exitOf(refused, keeping.whole);
      for (const { error } of refused) explain(error, false, world);
      if (json) print(world, documentOf(runs, refused, keeping.indexed, code));
      else for (const { run, state, verdict } of runs) world.out.write(`${state}  ${verdict}  ${run}\n`);
      exit(code);
    });
};

function exitOf(refused: readonly RefusedFolder[], whole: boolean): number {
  if (refused.some(({ error }) => error.exit === 'error')) return EXIT_CODE.error;
  if (!whole || refused.some(({ error }) => error.exit === 'not-ready')) return EXIT_CODE['not-ready'];
  return refused.length > 0 ? EXIT_CODE['bad-input'] : EXIT_CODE.pass;
}

const documentOf = (
  runs: readonly Imported[],
  refused: readonly RefusedFolder[],
  indexed: boolean,
  exit_code: number,
): object => ({
  schema_version: 1,
  exit_code,
  runs,
  refused: refused.map(({ from, error }) => {
    const { code, hint, file, line } = error;
    return { from, code, message: describeError(error), hint, file, line };
  }),
  indexed,
});
