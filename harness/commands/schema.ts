import { EXIT_CODE } from '../core/exits.ts';
import { cataloguesFor } from '../main.ts';
import { experimentSchema, suiteSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description(
      'print the JSON Schema of experiment files, or of suites, for editors; with what chaos.config.ts in this folder adds',
    )
    .option('--suite', 'the schema of suite files', false)
    .addHelpText(
      'after',
      examples(
        'chaos schema > experiments/experiment.schema.json',
        'chaos schema --suite > experiments/suites/suite.schema.json',
      ),
    )
    .action(async ({ suite }: { readonly suite: boolean }) => {
      print(world, suite ? suiteSchema() : experimentSchema(await cataloguesFor([], world.cwd)));
      exit(EXIT_CODE.pass);
    });
};
