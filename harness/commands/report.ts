import { dirname, join, resolve } from 'node:path';
import { ChaosError, describeError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { JudgedRun, ResultStore } from '../core/record/run.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { World } from '../core/world.ts';
import { judgeFolder } from '../judge/folder.ts';
import { lent } from '../record/lent-store.ts';
import { type ResultsOptions, writeResults } from '../record/results.ts';
import { type Catalogues, cataloguesFor, reportsDir, resultStore, writeIndex } from '../main.ts';
import { type AddCommand, examples } from './common/command.ts';
import { kindOf, listRuns } from '../record/folders.ts';
import { passedOver, runFolder } from './common/run-folder.ts';
import { writeLoadReport } from './common/write-load-report.ts';

interface Flags {
  readonly all: boolean;
  readonly reports?: string;
}

export const reportCommand: AddCommand = (program, world, exit) => {
  program
    .command('report')
    .description("write the reports of a recorded run or load again, and a run's rows in the results database")
    .argument('[run]', 'a run or load, its folder, or `latest`')
    .option('--all', 'write every recorded run again, which rebuilds the results database from the folders', false)
    .option('--reports <dir>', 'the folder that holds the runs and loads')
    .addHelpText('after', examples('chaos report latest', 'chaos report --all'))
    .action(async (run: string | undefined, { all, reports = reportsDir(world.root, world.env) }: Flags) => {
      if ((run === undefined) !== all) throw oneOrAll();
      const known = await cataloguesFor([], world.cwd);
      const written =
        run === undefined
          ? rebuild(reports, known, world)
          : again(resolve(runFolder(run, ['experiment', 'load'], world, reports)), known, world);
      exit((await written) ? EXIT_CODE.pass : EXIT_CODE['not-ready']);
    });
};

const oneOrAll = (): ChaosError =>
  new ChaosError('CHAOS_USAGE', {
    what: 'the command needs either a run or --all',
    hint: 'Write `chaos report latest` or `chaos report --all`.',
    exit: 'bad-input',
  });

/** Returns false when something could not be written. A warning names it. */
async function again(dir: string, known: Catalogues, world: World): Promise<boolean> {
  if (kindOf(dir) === 'load') {
    world.out.write(`${writeLoadReport(dir)}\n`);
    return true;
  }
  const judged = judgeFolder(dir, known);
  return write(dir, judged, known, world, {
    openStore: () => storeOf(dirname(dir), judged, world),
    writeIndex: () => writeIndex(dirname(dir)),
  });
}

/**
 * Writes every run that has ended, oldest first, into one store. A folder without a readable run is named and passed over.
 * Returns false when something could not be written.
 */
async function rebuild(reports: string, known: Catalogues, world: World): Promise<boolean> {
  const ended = listRuns(reports, passedOver(world)).filter(
    (run) => run.kind === 'experiment' && run.verdict !== 'RUNNING',
  );
  let store: ResultStore | undefined;
  let whole = true;
  try {
    for (const { dir } of ended) {
      let judged: JudgedRun;
      try {
        judged = judgeFolder(resolve(dir), known);
      } catch (error) {
        passedOver(world)({ dir, message: describeError(error) });
        continue;
      }
      // A store that cannot be opened ends the rebuild, because the rebuild is for the store.
      store ??= await storeOf(reports, judged, world);
      const shared = lent(store);
      const once = { openStore: () => Promise.resolve(shared), writeIndex: () => undefined };
      whole = (await write(resolve(dir), judged, known, world, once)) && whole;
    }
    if (ended.length > 0) writeIndex(resolve(reports));
    return whole;
  } finally {
    await store?.[Symbol.asyncDispose]();
  }
}

const storeOf = (reports: string, { history }: JudgedRun, world: World): Promise<ResultStore> =>
  resultStore(reports, world.env, (message) => world.err.write(`warning: ${message}\n`), history.plan.topology);

async function write(
  dir: string,
  judged: JudgedRun,
  { reporters }: Catalogues,
  world: World,
  overAll: Pick<ResultsOptions, 'openStore' | 'writeIndex'>,
): Promise<boolean> {
  let whole = true;
  await writeResults(dir, judged, {
    reporters,
    ...overAll,
    redact: secretsOf(world.env, judged.history.plan.topology),
    warn: (message) => {
      whole = false;
      world.err.write(`warning: ${message}\n`);
    },
  });
  world.out.write(`${join(dir, 'report.html')}\n`);
  return whole;
}
