import { EXIT_CODE } from '../core/exits.ts';
import { cataloguesFor } from '../main.ts';
import { capacitySchema, experimentSchema, gamedaySchema, suiteSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

interface Flags {
  readonly suite: boolean;
  readonly capacity: boolean;
  readonly gameday: boolean;
}

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description(
      'print the JSON Schema of experiment files, of suites, of capacity files or of game days, for editors; with what chaos.config.ts in this folder adds',
    )
    .option('--suite', 'the schema of suite files', false)
    .option('--capacity', 'the schema of capacity files', false)
    .option('--gameday', 'the schema of game days', false)
    .addHelpText(
      'after',
      examples(
        'chaos schema > experiments/experiment.schema.json',
        'chaos schema --suite > experiments/suites/suite.schema.json',
        'chaos schema --capacity > experiments/capacity/capacity.schema.json',
        'chaos schema --gameday > experiments/gamedays/gameday.schema.json',
      ),
    )
    .action(async ({ suite, capacity, gameday }: Flags) => {
      const known = await cataloguesFor([], world.cwd);
      if (suite) print(world, suiteSchema());
      else if (capacity) print(world, capacitySchema());
      else print(world, gameday ? gamedaySchema(known.series) : experimentSchema(known));
      exit(EXIT_CODE.pass);
    });
};
