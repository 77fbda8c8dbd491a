import { EXIT_CODE } from '../core/exits.ts';
import { catalogue } from '../main.ts';
import { experimentSchema, suiteSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description('print the JSON Schema of experiment files, or of suites, for editors')
    .option('--suite', 'the schema of suite files', false)
    .addHelpText(
      'after',
      examples(
        'chaos schema > experiments/experiment.schema.json',
        'chaos schema --suite > experiments/suites/suite.schema.json',
      ),
    )
    .action(({ suite }: { readonly suite: boolean }) => {
      print(world, suite ? suiteSchema() : experimentSchema(catalogue));
      exit(EXIT_CODE.pass);
    });
};
