import { EXIT_CODE } from '../core/exits.ts';
import { clock, reportsDir } from '../main.ts';
import type { Unreadable } from '../record/folders.ts';
import { newestFirst, readSummaries, type Summary } from '../record/summaries.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { experimentName, knownVerdict } from './common/history-options.ts';
import { momentOf } from './common/moment-of.ts';
import { print } from './common/output.ts';
import { passedOver } from './common/run-folder.ts';

interface Flags {
  readonly experiment: readonly string[];
  readonly verdict: readonly string[];
  readonly tag: readonly string[];
  readonly since?: string;
  readonly json: boolean;
  readonly reports?: string;
}

export const listCommand: AddCommand = (program, world, exit) => {
  program
    .command('list')
    .description('print the recorded runs and loads with their verdicts, newest first')
    .option('--experiment <name>', 'only runs of this experiment, by its name or file (repeatable)', append, [])
    .option('--verdict <verdict>', 'only runs with this verdict: PASS, FAIL, "NOT READY" (repeatable)', append, [])
    .option('--tag <tag>', 'only runs of experiments with this tag (repeatable)', append, [])
    .option('--since <when>', 'only runs that started then or later: 2026-11-24, or 7d, 12h before now')
    .option('--reports <dir>', 'the folder that holds the runs and loads')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos list',
        'chaos list --experiment redis-loss --verdict FAIL --since 7d',
        'chaos list --tag nightly',
      ),
    )
    .action(({ json, reports, experiment, verdict, tag, since }: Flags) => {
      const wanted = {
        experiments: experiment.map(experimentName),
        verdicts: verdict.map(knownVerdict),
        tags: tag,
        ...(since === undefined ? {} : { since: momentOf('--since', since, clock.wall()) }),
      };
      const unreadable: Unreadable[] = [];
      const all = readSummaries(reports ?? reportsDir(world.root, world.env), (folder) => unreadable.push(folder));
      const runs = newestFirst(all, wanted);
      unreadable.forEach(passedOver(world));
      if (json) print(world, { schema_version: 1, runs: runs.map(document), unreadable });
      else if (all.length === 0) world.out.write('no runs yet: chaos run experiments/postgres-primary-loss.yaml\n');
      else if (runs.length === 0) world.out.write(`none of ${all.length} runs and loads fits\n`);
      else for (const r of runs) world.out.write(`${r.started}  ${r.verdict.padEnd(12)}  ${r.run}  ${r.title}\n`);
      exit(EXIT_CODE.pass);
    });
};

/** A judged run has more keys than a load or a run that is at work. */
function document({ kind, run, title, verdict, started, dir, figures }: Summary) {
  const listed = { kind, run, title, verdict, started, dir };
  if (figures === undefined) return listed;
  const { experiment, ended, tags, seed } = figures;
  return { ...listed, experiment, ended, tags, seed };
}
