import { EXIT_CODE } from '../core/exits.ts';
import { setup } from '../setup/setup.ts';
import { type AddCommand, examples } from './command.ts';

export const setupCommand: AddCommand = (program, world, exit) => {
  program
    .command('setup')
    .description('install and start what is missing: engine, base images, our images; fast when nothing is')
    .option('--force', 'build the images again', false)
    .addHelpText('after', examples('chaos setup'))
    .action(async ({ force }: { force: boolean }) => {
      await setup({ root: world.root, say: (line) => world.err.write(`${line}\n`), force });
      exit(EXIT_CODE.pass);
    });
};
