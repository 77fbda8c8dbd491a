import { judgeFolder } from '../engine/finish.ts';
import { catalogue, reportsDir } from '../main.ts';
import { renderVerdict } from '../reporters/console/index.ts';
import { type AddCommand, examples } from './command.ts';
import { print } from './output.ts';
import { folderOf } from './runs.ts';

export const judgeCommand: AddCommand = (program, world, exit) => {
  program
    .command('judge')
    .description("judge a recorded run again with today's checks; changes nothing")
    .argument('<run>', 'a run, its folder, or `latest`')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos judge latest', 'chaos judge 3f9a --json'))
    .action((run: string, { json }: { json: boolean }) => {
      const { document } = judgeFolder(folderOf(run, reportsDir(world.root, world.env), ['experiment']), catalogue);
      if (json) print(world, document);
      else world.err.write(renderVerdict(document, world.err));
      exit(document.exit_code);
    });
};
