import { join, relative, resolve } from 'node:path';
import type { Job } from '../core/coverage/jobs.ts';
import type { Survey } from '../core/coverage/survey.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor, clock, compose, reportsDir, versionOf } from '../main.ts';
import { composeFilesOf, composeQuestion } from '../plan/index.ts';
import { iso } from '../core/clock.ts';
import { renderCoverage } from '../reporters/console/coverage.ts';
import { coveragePage } from '../reporters/html/coverage-page.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { badFlag } from './common/load-options.ts';
import { print } from './common/output.ts';
import { gather, type Gathered } from './common/gather-coverage.ts';
import { composeFiles, topologyOfFiles } from './common/topology-files.ts';
import { filesWithGenerated } from './common/generated.ts';
import { writeGenerated } from './common/write-generated.ts';
import { writePage } from './common/write-page.ts';

interface Flags {
  readonly file: readonly string[];
  readonly reports?: string;
  readonly like?: string;
  readonly plan?: string;
  readonly generate?: string;
  readonly html?: string;
  readonly json: boolean;
}

export const coverageCommand: AddCommand = (program, world, exit) => {
  program
    .command('coverage')
    .description(
      'say which failure of which component is proven, and about what is there now; and which experiments fill the gaps',
    )
    .argument(
      '[experiments...]',
      'experiment files that may fill a gap (default: experiments/*.yaml and experiments/generated/*.yaml)',
    )
    .option(
      '-f, --file <compose file>',
      'compose file of the topology (repeatable; default: docker-compose.chaos.yml)',
      append,
      [],
    )
    .option('--plan <minutes>', 'which experiments fit into this time, the most valuable first')
    .option('--generate <dir>', 'write an experiment for each gap that has none; with --plan, only for those planned')
    .option('--like <experiment>', 'the experiment whose load, phases and limits a generated one takes over')
    .option('--html <file>', 'also draw the matrix as one self-contained page')
    .option('--reports <dir>', 'the folder that holds the runs')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples(
        'chaos coverage',
        'chaos coverage --plan 90 --generate experiments/generated',
        'chaos coverage --html coverage.html',
      )}

A cell is one failure at one component. docs/coverage.md says what makes it proven, and when a proof is stale.`,
    )
    .action(async (experiments: readonly string[], flags: Flags) => {
      const { generate, html, json } = flags;
      const gathered = await gathering(experiments, flags, world);
      const written = generate === undefined ? undefined : writeGenerated(generate, gathered, world);
      const survey = shown(gathered.survey, written, world);
      if (html !== undefined) writePage(html, coveragePage(survey, iso(clock.wall()), versionOf(world.root)), world);
      if (json) print(world, documentOf(survey));
      else world.out.write(renderCoverage(survey, world.out));
      exit(EXIT_CODE.pass);
    });
};

async function gathering(named: readonly string[], flags: Flags, world: World): Promise<Gathered> {
  const { file: files, reports, like } = flags;
  const minutes = minutesOf(flags);
  const experiments =
    named.length > 0
      ? named.map((one) => resolve(world.cwd, one))
      : filesWithGenerated(join(world.root, 'experiments'));
  const topologies = [composeFiles(files, world), ...experiments.map((file) => composeFilesOf({ file }))];
  await compose.ahead(topologies.filter((one) => one.length > 0).map((one) => composeQuestion(one, world.env)));
  const spec = topologyOfFiles(files, world);
  return await gather(
    {
      spec,
      known: await cataloguesFor(spec.files, world.cwd),
      experiments,
      reports: reports ?? reportsDir(world.root, world.env),
      like:
        like === undefined ? undefined : { file: like, refuse: (why, hint) => badFlag(`--like ${like}: ${why}`, hint) },
      minutes,
    },
    world,
  );
}

function minutesOf({ plan }: Flags): number | undefined {
  if (plan === undefined) return undefined;
  const minutes = /^\d+(?:\.\d+)?$/.test(plan) ? Number(plan) : 0;
  if (minutes > 0) return minutes;
  throw badFlag(`--plan ${plan} is no number of minutes`, 'Write for example --plan 90.');
}

/** Shows files as they are seen from where the user is, and generated files where they were written. */
function shown(survey: Survey, written: ReadonlyMap<string, string> | undefined, { cwd }: World): Survey {
  const named = (job: Job): Job => {
    const file = job.file ?? written?.get(job.experiment);
    return file === undefined ? job : { ...job, file: relative(cwd, file) };
  };
  return { ...survey, jobs: survey.jobs.map(named), planned: survey.planned.map(named) };
}

const documentOf = ({ cells, planned, jobs, ...rest }: Survey) => ({
  schema_version: 1,
  ...rest,
  cells,
  planned: planned.map(jobDocument),
  missing: jobs.map(jobDocument),
});

/** `written`: whether a file has the experiment. */
const jobDocument = ({ experiment, file, minutes, cells }: Job) => ({
  experiment: file ?? experiment,
  minutes: Number(minutes.toFixed(2)),
  written: file !== null,
  cells: cells.map(({ component, failure, state }) => ({ component, failure, state })),
});
