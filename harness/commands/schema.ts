import { EXIT_CODE } from '../core/exits.ts';
import { cataloguesFor } from '../main.ts';
import { experimentSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description(
      'print the JSON Schema of experiment files, for editors; with what chaos.config.ts in this folder adds',
    )
    .addHelpText('after', examples('chaos schema > experiments/experiment.schema.json'))
    .action(async () => {
      print(world, experimentSchema(await cataloguesFor([], world.cwd)));
      exit(EXIT_CODE.pass);
    });
};
