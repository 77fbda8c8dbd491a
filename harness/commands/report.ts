import { dirname, join, resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import { judgeFolder, writeResults } from '../engine/finish.ts';
import { catalogue, fileReporters, reportsDir, resultStore, secretsOf } from '../main.ts';
import { type AddCommand, examples } from './command.ts';
import { folderOf } from './runs.ts';

export const reportCommand: AddCommand = (program, world, exit) => {
  program
    .command('report')
    .description("write a recorded run's reports and its rows in the results database again")
    .argument('<run>', 'a run, its folder, or `latest`')
    .addHelpText('after', examples('chaos report latest'))
    .action(async (run: string) => {
      const dir = resolve(folderOf(run, reportsDir(world.root, world.env)));
      const judged = judgeFolder(dir, catalogue);
      await writeResults(dir, judged, {
        reporters: fileReporters,
        openStore: () => resultStore(dirname(dir), world.env, judged.history.plan.topology),
        redact: secretsOf(world.env),
        warn: (message) => world.err.write(`warning: ${message}\n`),
      });
      world.out.write(`${join(dir, 'report.html')}\n`);
      exit(EXIT_CODE.pass);
    });
};
