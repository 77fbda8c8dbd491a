import { relative, resolve } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { PlannedCheck } from '../core/plan/plan.ts';
import type { JudgedRun } from '../core/record/run.ts';
import type { World } from '../core/world.ts';
import { judgeFolder, judgeWith } from '../judge/folder.ts';
import { type Catalogues, cataloguesFor } from '../main.ts';
import { hypothesisMismatches } from '../plan/index.ts';
import { renderVerdict } from '../reporters/console/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';
import { plannedOrExplain } from './common/planned.ts';
import { runFolder } from './common/run-folder.ts';

interface Flags {
  readonly json: boolean;
  readonly with?: string;
}

export const judgeCommand: AddCommand = (program, world, exit) => {
  program
    .command('judge')
    .description("judge a recorded run again with today's checks; changes nothing")
    .argument('<run>', 'a run, its folder, or `latest`')
    .option('--with <experiment>', "by this file's hypotheses instead of the run's own")
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      examples(
        'chaos judge latest',
        'chaos judge 3f9a --json',
        'chaos judge latest --with experiments/redis-loss.yaml',
      ),
    )
    .action(async (run: string, { json, with: file }: Flags) => {
      // A record may come from elsewhere: no code runs because of a path in it.
      const known = await cataloguesFor([], world.cwd);
      const recorded = judgeFolder(runFolder(run, ['experiment'], world), known);
      const document = file === undefined ? recorded.document : judgedWith(file, recorded, known, world);
      if (json) print(world, document);
      else world.err.write(renderVerdict(document, world.err));
      exit(document.exit_code);
    });
};

/** Judges a recorded run by another file's hypotheses. Their names must exist in what was recorded. */
function judgedWith(file: string, recorded: JudgedRun, known: Catalogues, world: World): JudgedRun['document'] {
  const { hypotheses } = plannedOrExplain(file, [], world, known);
  const { topology, load, phases } = recorded.history.plan;
  const [wrong] = hypothesisMismatches({ topology, workload: load.workload, phases, hypotheses }, known.checks);
  if (wrong !== undefined) throw unfit(file, hypotheses[Number(wrong.path[1])], wrong.message, world);
  return { ...judgeWith(recorded, hypotheses, known).document, judged_with: resolve(world.cwd, file) };
}

const unfit = (file: string, hypothesis: PlannedCheck | undefined, what: string, world: World): ChaosError =>
  new ChaosError('CHAOS_OTHER_RUN', {
    what: `the recorded run cannot be judged by this hypothesis: ${what}`,
    hint: 'Take a run of the same topology and workload, with the phases that the hypothesis is about.',
    exit: 'bad-input',
    file: relative(world.cwd, resolve(world.cwd, file)),
    line: hypothesis?.line,
  });
