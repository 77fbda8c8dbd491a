import { dirname, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { confirmedBy } from '../core/trend/answers.ts';
import { trendOf } from '../core/trend/trend.ts';
import type { World } from '../core/world.ts';
import { reportsDir, versionOf } from '../main.ts';
import { answersIn, readSummaries, trendRuns } from '../record/summaries.ts';
import { renderTrend } from '../reporters/console/trend.ts';
import { trendPage } from '../reporters/html/trend/page.ts';
import { type AddCommand, examples } from './common/command.ts';
import { experimentName } from './common/history-options.ts';
import { print } from './common/output.ts';
import { passedOver } from './common/run-folder.ts';
import { writePage } from './common/write-page.ts';

interface Flags {
  readonly experiment?: string;
  readonly html?: string;
  readonly json: boolean;
  readonly reports?: string;
}

export const trendCommand: AddCommand = (program, world, exit) => {
  program
    .command('trend')
    .description('show verdicts and figures over the recorded runs, and where they changed')
    .option('--experiment <name>', 'only this experiment, by its name or file')
    .option('--html <file>', 'write one page without requests; after each run, reports/index.html is written by itself')
    .option('--reports <dir>', 'the folder that holds the runs')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos trend', 'chaos trend --experiment redis-loss --json', 'chaos trend --html reports/index.html')}

A change point is a place from which on the figures of an experiment differ from those before. Many change points are
false until reruns confirm them: docs/trends.md says how many, and \`chaos compare --gate\` makes the reruns.`,
    )
    .action((flags: Flags) => {
      trend(flags, world);
      exit(EXIT_CODE.pass);
    });
};

function trend({ experiment, html, json, reports: given }: Flags, world: World): void {
  const reports = resolve(given ?? reportsDir(world.root, world.env));
  const summaries = readSummaries(reports, passedOver(world));
  const runs = trendRuns(summaries);
  const name = experiment === undefined ? undefined : experimentName(experiment);
  const wanted = name === undefined ? runs : runs.filter(({ figures }) => figures.experiment === name);
  if (name !== undefined && wanted.length === 0) throw noRuns(name, reports);
  const document = trendOf(wanted, confirmedBy(answersIn(summaries)));
  if (html !== undefined) {
    const from = dirname(resolve(world.cwd, html));
    writePage(html, trendPage(document, { from, version: versionOf(world.root) }), world);
  }
  if (json) print(world, document);
  else if (runs.length === 0) world.out.write('no runs yet: chaos run experiments/postgres-primary-loss.yaml\n');
  else world.out.write(renderTrend(document, world.out));
}

const noRuns = (experiment: string, reports: string): ChaosError =>
  new ChaosError('CHAOS_NO_RUN', {
    what: `no run of "${experiment}" has ended in ${reports}`,
    hint: '`chaos list` prints the runs, and `chaos trend` alone names their experiments.',
    exit: 'bad-input',
  });
