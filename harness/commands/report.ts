import { dirname, join, resolve } from 'node:path';
import { ChaosError, describeError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { JudgedRun, ResultStore } from '../core/run.ts';
import { secretsOf } from '../core/secrets.ts';
import type { World } from '../core/world.ts';
import { judgeFolder, writeResults } from '../engine/finish.ts';
import { catalogue, fileReporters, reportsDir, resultStore } from '../main.ts';
import { type AddCommand, examples } from './command.ts';
import { folderOf, kindOf, listRuns } from './runs.ts';
import { writeLoadReport } from './write-load-report.ts';

interface Flags {
  readonly all: boolean;
  readonly reports?: string;
}

export const reportCommand: AddCommand = (program, world, exit) => {
  program
    .command('report')
    .description("write the reports of a recorded run or load again, and a run's rows in the results database")
    .argument('[run]', 'a run or load, its folder, or `latest`')
    .option('--all', 'every recorded run: rebuilds the results database from the folders', false)
    .option('--reports <dir>', "where the runs' folders are")
    .addHelpText('after', examples('chaos report latest', 'chaos report --all'))
    .action(async (run: string | undefined, { all, reports = reportsDir(world.root, world.env) }: Flags) => {
      if ((run === undefined) !== all) throw oneOrAll();
      const written =
        run === undefined
          ? rebuild(reports, world)
          : again(resolve(folderOf(run, reports, ['experiment', 'load'])), world);
      exit((await written) ? EXIT_CODE.pass : EXIT_CODE['not-ready']);
    });
};

const oneOrAll = (): ChaosError =>
  new ChaosError('CHAOS_USAGE', {
    what: 'a run is to be named, or --all',
    hint: '`chaos report latest`, or `chaos report --all`.',
    exit: 'bad-input',
  });

/** False when something could not be written: a warning has said what. */
async function again(dir: string, world: World): Promise<boolean> {
  if (kindOf(dir) === 'load') {
    world.out.write(`${writeLoadReport(dir)}\n`);
    return true;
  }
  const judged = judgeFolder(dir, catalogue);
  return write(dir, judged, world, () => resultStore(dirname(dir), world.env, judged.history.plan.topology));
}

/** Every run that has ended, oldest first, into one store. A folder that holds no readable run is named and passed over. */
async function rebuild(reports: string, world: World): Promise<boolean> {
  const ended = listRuns(reports).filter((run) => run.kind === 'experiment' && run.verdict !== 'RUNNING');
  let store: ResultStore | undefined;
  let whole = true;
  try {
    for (const { dir } of ended) {
      let judged: JudgedRun;
      try {
        judged = judgeFolder(resolve(dir), catalogue);
      } catch (error) {
        world.err.write(`warning: ${dir} is passed over: ${describeError(error)}\n`);
        continue;
      }
      // A store that cannot be opened ends the rebuilding: it is what this is for.
      store ??= await resultStore(reports, world.env, judged.history.plan.topology);
      const shared = lent(store);
      whole = (await write(resolve(dir), judged, world, () => Promise.resolve(shared))) && whole;
    }
    return whole;
  } finally {
    await store?.[Symbol.asyncDispose]();
  }
}

/** A store that whoever gets it cannot close. */
const lent = (store: ResultStore): ResultStore => ({
  save: (judged) => store.save(judged),
  runs: () => store.runs(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

async function write(
  dir: string,
  judged: JudgedRun,
  world: World,
  openStore: () => Promise<ResultStore>,
): Promise<boolean> {
  let whole = true;
  await writeResults(dir, judged, {
    reporters: fileReporters,
    openStore,
    redact: secretsOf(world.env, judged.history.plan.topology),
    warn: (message) => {
      whole = false;
      world.err.write(`warning: ${message}\n`);
    },
  });
  world.out.write(`${join(dir, 'report.html')}\n`);
  return whole;
}
