import { dirname, join, resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { judgeFolder, writeResults } from '../engine/finish.ts';
import { catalogue, fileReporters, reportsDir, resultStore, secretsOf } from '../main.ts';
import { type AddCommand, examples } from './command.ts';
import { folderOf, kindOf } from './runs.ts';
import { writeLoadReport } from './write-load-report.ts';

export const reportCommand: AddCommand = (program, world, exit) => {
  program
    .command('report')
    .description("write the reports of a recorded run or load again, and a run's rows in the results database")
    .argument('<run>', 'a run or load, its folder, or `latest`')
    .addHelpText('after', examples('chaos report latest'))
    .action(async (run: string) => {
      const dir = resolve(folderOf(run, reportsDir(world.root, world.env), ['experiment', 'load']));
      const path = kindOf(dir) === 'load' ? writeLoadReport(dir) : await writeRunReports(dir, world);
      world.out.write(`${path}\n`);
      exit(EXIT_CODE.pass);
    });
};

async function writeRunReports(dir: string, world: World): Promise<string> {
  const judged = judgeFolder(dir, catalogue);
  await writeResults(dir, judged, {
    reporters: fileReporters,
    openStore: () => resultStore(dirname(dir), world.env, judged.history.plan.topology),
    redact: secretsOf(world.env),
    warn: (message) => world.err.write(`warning: ${message}\n`),
  });
  return join(dir, 'report.html');
}
