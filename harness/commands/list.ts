import { EXIT_CODE } from '../core/exits.ts';
import { reportsDir } from '../main.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { listRuns, type Unreadable } from '../record/folders.ts';
import { passedOver } from './common/run-folder.ts';

export const listCommand: AddCommand = (program, world, exit) => {
  program
    .command('list')
    .description('print the recorded runs and loads with their verdicts, oldest first')
    .option('--reports <dir>', 'the folder that holds the runs and loads')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos list'))
    .action(({ json, reports }: { json: boolean; reports?: string }) => {
      const unreadable: Unreadable[] = [];
      const runs = listRuns(reports ?? reportsDir(world.root, world.env), (folder) => unreadable.push(folder));
      unreadable.forEach(passedOver(world));
      if (json) print(world, { schema_version: 1, runs, unreadable });
      else if (runs.length === 0) world.out.write('no runs yet: chaos run experiments/postgres-primary-loss.yaml\n');
      else for (const r of runs) world.out.write(`${r.started}  ${r.verdict.padEnd(12)}  ${r.run}  ${r.title}\n`);
      exit(EXIT_CODE.pass);
    });
};
