import { EXIT_CODE } from '../core/exits.ts';
import { cataloguesFor } from '../main.ts';
import { experimentSchema, gamedaySchema, suiteSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description(
      'print the JSON Schema of experiment files, of suites or of game days, for editors; with what chaos.config.ts in this folder adds',
    )
    .option('--suite', 'the schema of suite files', false)
    .option('--gameday', 'the schema of game days', false)
    .addHelpText(
      'after',
      examples(
        'chaos schema > experiments/experiment.schema.json',
        'chaos schema --suite > experiments/suites/suite.schema.json',
        'chaos schema --gameday > experiments/gamedays/gameday.schema.json',
      ),
    )
    .action(async ({ suite, gameday }: { readonly suite: boolean; readonly gameday: boolean }) => {
      const known = await cataloguesFor([], world.cwd);
      print(world, suite ? suiteSchema() : gameday ? gamedaySchema(known.series) : experimentSchema(known));
      exit(EXIT_CODE.pass);
    });
};
