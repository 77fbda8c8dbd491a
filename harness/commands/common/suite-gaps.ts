import { dirname, join, resolve } from 'node:path';
import { ChaosError } from '../../core/errors.ts';
import type { Job } from '../../core/coverage/jobs.ts';
import type { PlannedEntry } from '../../core/suite/events.ts';
import type { AskedGaps, FilledGap, Suite, SuiteEntry } from '../../core/suite/suite.ts';
import type { World } from '../../core/world.ts';
import { type Catalogues, compose, topologySpec } from '../../main.ts';
import { composeFilesOf, readExperiment, type ReadResult, renderProblems } from '../../plan/index.ts';
import { badFile } from './bad-file.ts';
import { gather } from './gather-coverage.ts';
import { filesWithGenerated, GENERATED, generatedTexts } from './generated.ts';

interface Filling {
  /** The folder of the suite below the reports. It need not exist. */
  readonly dir: string;
  readonly reports: string;
  readonly known: Catalogues;
}

/**
 * Returns a suite together with the experiments that fill gaps of the coverage, as they are planned now, after the
 * others: the most valuable first. Those that no file has yet are generated, for a file in the suite's folder. Nothing is
 * written.
 */
export async function withGaps(suite: Suite, filling: Filling, world: World): Promise<Suite> {
  const { gaps, entries } = suite;
  if (gaps === undefined) return suite;
  // Other YAML files may lie there too. An experiment names a topology.
  const files = filesWithGenerated(dirname(dirname(suite.file))).filter((file) => composeFilesOf({ file }).length > 0);
  const gathered = await gather(
    {
      spec: topologySpec(composeFilesFor(gaps, files), world.env),
      known: filling.known,
      experiments: files,
      reports: filling.reports,
      like:
        gaps.like === undefined
          ? undefined
          : { file: gaps.like, refuse: (why, hint) => misplaced(gaps, `like: ${why}`, hint) },
      minutes: gaps.minutes,
      // With variables of its own it is about another system, and fills no gap.
      anyway: new Set(
        entries.flatMap(({ plan, environment }) => (Object.keys(environment).length > 0 ? [] : [plan.file])),
      ),
    },
    world,
  );
  const folder = join(filling.dir, GENERATED);
  const texts = generatedTexts(gathered.survey.planned, gathered, folder);
  const entryOf = ({ experiment, file, cells }: Job): SuiteEntry[] => {
    const text = file === null ? texts.get(experiment) : undefined;
    const path = file ?? join(folder, `${experiment}.yaml`);
    const { plan } = read(path, text, filling.known, world);
    if (plan !== undefined) return [{ ...gapEntry(plan, cells, gaps), ...(text === undefined ? {} : { text }) }];
    world.err.write(`warning: no experiment can be made for the gap ${experiment}\n`);
    return [];
  };
  const planned = gathered.survey.planned.flatMap(entryOf);
  if (planned.length === 0) world.err.write(renderProblems([nothingToFill(gaps)], world.cwd));
  return withEntries(suite, planned);
}

/** Returns a suite together with the experiments that filled gaps when it began: see `withGaps`. Throws BadExperiment. */
export function withRecordedGaps(
  suite: Suite,
  recorded: readonly PlannedEntry[],
  { dir, known }: Pick<Filling, 'dir' | 'known'>,
  world: World,
): Suite {
  const { gaps } = suite;
  if (gaps === undefined) return suite;
  const entries = recorded.flatMap(({ gap }): SuiteEntry[] => {
    if (gap === undefined) return [];
    const { plan, problems } = read(resolve(dir, gap.file), undefined, known, world);
    if (problems.length > 0) throw badFile(problems, world);
    return plan === undefined ? [] : [gapEntry(plan, gap.fills, gaps)];
  });
  return withEntries(suite, entries);
}

/** An experiment that the file of the suite names too is run once. */
const withEntries = (suite: Suite, more: readonly SuiteEntry[]): Suite => {
  const keys = new Set(suite.entries.map(({ key }) => key));
  return { ...suite, entries: [...suite.entries, ...more.filter(({ key }) => !keys.has(key))] };
};

const read = (file: string, text: string | undefined, known: Catalogues, { env }: World): ReadResult =>
  readExperiment({ file, text, overrides: [], ...known, env, compose });

const gapEntry = (plan: SuiteEntry['plan'], cells: readonly FilledGap[], { again }: AskedGaps): SuiteEntry => ({
  key: plan.name,
  plan,
  environment: {},
  again,
  fills: cells.map(({ component, failure, state }) => ({ component, failure, state })),
});

/** Returns the compose files of `like`, else those that most experiments are about. */
function composeFilesFor(gaps: AskedGaps, experiments: readonly string[]): readonly string[] {
  const all = (gaps.like === undefined ? experiments : [gaps.like]).map((file) => composeFilesOf({ file }));
  const groups = [...Map.groupBy(all, (files) => files.join('\n')).values()];
  const [most] = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
  if (most !== undefined && most.length > 0) return most;
  throw misplaced(gaps, 'no experiment beside the suite names a topology', 'Write one, or name one as `like`.');
}

function misplaced({ place }: AskedGaps, what: string, hint: string): ChaosError {
  return new ChaosError('CHAOS_SUITE_EMPTY', { what, hint, exit: 'bad-input', ...place });
}

const nothingToFill = ({ place, minutes }: AskedGaps) => ({
  ...place,
  code: 'CHAOS_SUITE_EMPTY' as const,
  message: `no experiment for a gap of the coverage fits into ${minutes} minutes`,
  hint: '`chaos coverage` shows the gaps, and how long they take.',
  severity: 'warning' as const,
});
