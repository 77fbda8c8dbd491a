import { resolve } from 'node:path';
import { peakRate, plannedWithin } from '../core/load/arrivals.ts';
import { EXIT_CODE } from '../core/exits.ts';
import { describeLoad, userLoad } from '../core/load/plan.ts';
import type { LoadPlan } from '../core/load/load.ts';
import type { Problem } from '../core/plan/problem.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor, compose } from '../main.ts';
import {
  composeMissing,
  excludedBursts,
  type ExcludedBurst,
  isCapacityFile,
  isGamedayFile,
  isLoadTestFile,
  isSuiteFile,
  plannedRequests,
  readCapacityFile,
  readExperiment,
  readSuite,
  readWorkload,
  renderProblems,
  type ReadOne,
  type ReadResult,
} from '../plan/index.ts';
import { type AddCommand, append, examples } from './common/command.ts';
import { gamedayRead } from './common/gameday-file.ts';
import { moreOn, print } from './common/output.ts';
import { cataloguesOf } from './common/planned.ts';

interface Flags {
  readonly json: boolean;
  readonly set: readonly string[];
}

/** The load that a file without mistakes asks for. */
interface Asked {
  readonly file: string;
  readonly load: LoadPlan;
  readonly requests: number;
  /** The bursts that a PASS of each hypothesis excludes. */
  readonly excluded: readonly ExcludedBurst[];
}

interface Validated {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly asked: readonly Asked[];
}

export const validateCommand: AddCommand = (program, world, exit) => {
  program
    .command('validate')
    .description(
      'name every mistake in experiment files as file:line:column, and say which load they ask for; touches nothing',
    )
    .argument(
      '<files...>',
      'experiment files, suites, capacity files, game days, or load tests as the specification writes them',
    )
    .option('--set <path=value>', 'override a value of the experiments (repeatable)', append, [])
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos validate experiments/*.yaml'))
    .action(async (files: readonly string[], { json, set }: Flags) => {
      const read: Validated[] = [];
      for (const file of files) {
        const path = resolve(world.cwd, file);
        // Before suites: a capacity file may name experiments too.
        if (isCapacityFile(path)) read.push(await validateCapacity(path, world));
        else if (isGamedayFile(path)) read.push(await validateGameday(path, world));
        else if (isSuiteFile(path)) read.push(await validateSuite(path, world));
        else if (isLoadTestFile(path)) read.push(validateLoadTest(file, path));
        else read.push(await validateExperiment(file, path, set, world));
      }
      const problems = distinct(read.flatMap((r) => r.problems));
      const warnings = distinct(read.flatMap((r) => r.warnings));
      const asked = read.flatMap((r) => r.asked);
      const ok = problems.length === 0;
      if (json) print(world, { schema_version: 1, ok, problems, warnings, loads: asked.map(loadDocument) });
      else {
        const all = [...problems, ...warnings];
        if (all.length > 0) world.err.write(renderProblems(all, world.cwd) + moreOn(all.map(({ code }) => code)));
        for (const one of asked) world.out.write(askedText(one));
        world.out.write(
          ok ? `${files.length} valid\n` : `${problems.length} mistake${problems.length === 1 ? '' : 's'}\n`,
        );
      }
      exit(ok ? EXIT_CODE.pass : EXIT_CODE['bad-input']);
    });
};

function askedText({ file, load, requests, excluded }: Asked): string {
  const planned = Math.round(requests).toLocaleString('en-GB');
  const byHypothesis = [...Map.groupBy(excluded, ({ hypothesis }) => hypothesis)];
  const lines = byHypothesis.map(([hypothesis, phases]) => {
    const lengths = phases.map((one) => `${one.requests.toLocaleString('en-GB')} (${one.during})`).join(', ');
    return `  ${hypothesis}: a PASS excludes bursts of up to ${lengths} requests; longer ones can go unseen\n`;
  });
  return [`${file}: ${describeLoad(load)}; ${planned} requests planned\n`, ...lines].join('');
}

/** Removes repeated problems: experiments with the same topology share its problems. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];

async function validateExperiment(
  file: string,
  path: string,
  overrides: readonly string[],
  world: World,
): Promise<Validated> {
  const known = await cataloguesOf(file, world);
  const options = { file: path, overrides, ...known, env: world.env, compose };
  const { experiment, problems, warnings } = readExperiment(options);
  const excluded = experiment === undefined ? [] : excludedBursts(experiment, known.checks);
  const asked =
    experiment === undefined ? [] : [{ file, load: experiment.load, requests: plannedRequests(experiment), excluded }];
  return { problems, warnings, asked };
}

/** The experiments of a suite say their loads themselves. */
async function validateSuite(file: string, { env, cwd }: World): Promise<Validated> {
  const known = await cataloguesFor([], cwd);
  const read = (options: Parameters<ReadOne>[0]): ReadResult => readExperiment({ ...options, ...known, compose });
  const { problems, warnings } = readSuite({ file, env, read });
  return { problems, warnings, asked: [] };
}

/** The loads of a capacity file are found while it is measured. */
async function validateCapacity(file: string, { env, cwd }: World): Promise<Validated> {
  const known = await cataloguesFor([], cwd);
  const read = (options: Omit<Parameters<typeof readExperiment>[0], keyof typeof known | 'compose'>): ReadResult =>
    readExperiment({ ...known, ...options, compose });
  const found = readCapacityFile({ file, env, compose, read });
  if (found === undefined) throw composeMissing();
  return 'problems' in found
    ? { problems: found.problems, warnings: [], asked: [] }
    : { problems: [], warnings: found.warnings, asked: [] };
}

/** The loads of a game day are those of its experiments. `chaos gameday lint` says the same. */
async function validateGameday(file: string, world: World): Promise<Validated> {
  const { gameday, problems, warnings } = gamedayRead(file, await cataloguesFor([], world.cwd), world);
  if (gameday === undefined && problems.length === 0) throw composeMissing();
  return { problems, warnings, asked: [] };
}

function validateLoadTest(file: string, path: string): Validated {
  const workload = readWorkload(path, 'unaudited');
  if (!('scenarios' in workload)) return { problems: workload, warnings: [], asked: [] };
  const { virtualUsers = 0, rampUpMs = 0, durationMs = 0 } = workload.test ?? {};
  const load = userLoad(workload, { count: virtualUsers, rampUpMs }, 0);
  const requests = plannedWithin(load.arrivals, 0, durationMs);
  return { problems: [], warnings: [], asked: [{ file, load, requests, excluded: [] }] };
}

/** The load as `--json` prints it: the highest rate, the users who send it, and the bursts that a PASS excludes. */
const loadDocument = ({ file, load, requests, excluded }: Asked) => ({
  file,
  rate_per_s: peakRate(load.arrivals),
  virtual_users: load.virtualUsers,
  planned_requests: Math.round(requests),
  excluded_bursts: excluded,
});
