import { EXIT_CODE } from '../core/exits.ts';
import { cataloguesFor } from '../main.ts';
import { capacitySchema, experimentSchema, suiteSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description(
      'print the JSON Schema of experiment files, of suites or of capacity files, for editors; with what chaos.config.ts in this folder adds',
    )
    .option('--suite', 'the schema of suite files', false)
    .option('--capacity', 'the schema of capacity files', false)
    .addHelpText(
      'after',
      examples(
        'chaos schema > experiments/experiment.schema.json',
        'chaos schema --suite > experiments/suites/suite.schema.json',
        'chaos schema --capacity > experiments/capacity/capacity.schema.json',
      ),
    )
    .action(async ({ suite, capacity }: { readonly suite: boolean; readonly capacity: boolean }) => {
      if (capacity) print(world, capacitySchema());
      else print(world, suite ? suiteSchema() : experimentSchema(await cataloguesFor([], world.cwd)));
      exit(EXIT_CODE.pass);
    });
};
