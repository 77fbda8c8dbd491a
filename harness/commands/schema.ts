import { EXIT_CODE } from '../core/exits.ts';
import { catalogue } from '../main.ts';
import { experimentSchema } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const schemaCommand: AddCommand = (program, world, exit) => {
  program
    .command('schema')
    .description('print the JSON Schema of experiment files, for editors')
    .addHelpText('after', examples('chaos schema > experiments/experiment.schema.json'))
    .action(() => {
      print(world, experimentSchema(catalogue));
      exit(EXIT_CODE.pass);
    });
};
