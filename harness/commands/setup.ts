import { EXIT_CODE } from '../core/exits.ts';
import { setup } from '../setup/setup.ts';
import { type AddCommand, examples } from './common/command.ts';

export const setupCommand: AddCommand = (program, world, exit) => {
  program
    .command('setup')
    .description('install and start what is missing: engine, base images, our images; fast when nothing is missing')
    .option('--force', 'build the images again', false)
    .option('--for-tests', 'also install what only the tests need: a browser', false)
    .addHelpText('after', examples('chaos setup'))
    .action(async ({ force, forTests }: { force: boolean; forTests: boolean }) => {
      await setup({ root: world.root, say: (line) => world.err.write(`${line}\n`), force, forTests });
      exit(EXIT_CODE.pass);
    });
};
