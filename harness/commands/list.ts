import { EXIT_CODE } from '../core/exits.ts';
import { reportsDir } from '../main.ts';
import { type AddCommand, examples } from './command.ts';
import { print } from './output.ts';
import { listRuns } from './runs.ts';

export const listCommand: AddCommand = (program, world, exit) => {
  program
    .command('list')
    .description('print the recorded runs and loads and what came of them, oldest first')
    .option('--reports <dir>', 'where their folders are')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos list'))
    .action(({ json, reports }: { json: boolean; reports?: string }) => {
      const runs = listRuns(reports ?? reportsDir(world.root, world.env));
      if (json) print(world, { schema_version: 1, runs });
      else if (runs.length === 0) world.out.write('no runs yet: chaos run experiments/postgres-primary-loss.yaml\n');
      else for (const r of runs) world.out.write(`${r.started}  ${r.verdict.padEnd(12)}  ${r.run}  ${r.title}\n`);
      exit(EXIT_CODE.pass);
    });
};
