import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Problem } from '../../core/plan/problem.ts';
import type { Env } from '../../core/topology/compose.ts';
import { seededOrder } from '../../core/suite/order.ts';
import type { AskedGaps, Suite, SuiteEntry } from '../../core/suite/suite.ts';
import { didYouMean } from '../../kit/suggest.ts';
import type { ReadOptions, ReadResult } from '../reading.ts';
import { problemsOf } from '../source/issues.ts';
import { atNaming, distinct } from '../source/of-another-file.ts';
import { placeOf, readSource, type Source, valueOf } from '../source/source.ts';
import { combinations } from './combinations.ts';
import { type SuiteFile, type SuiteFileEntry, suiteShape, weekday } from './shape.ts';

/** Reads one experiment with settings and variables of its own. */
export type ReadOne = (options: Pick<ReadOptions, 'file' | 'overrides' | 'env'>) => ReadResult;

export interface SuiteReading {
  /** Absolute path. */
  readonly file: string;
  readonly env: Env;
  readonly read: ReadOne;
}

export interface SuiteRead {
  /** Undefined when there are problems, and when Compose is missing. */
  readonly suite: Suite | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads a suite and every experiment that it names. Returns it, or every mistake with its place. */
export function readSuite({ file, env, read }: SuiteReading): SuiteRead {
  const source = readSource(file);
  if (!('doc' in source)) return { suite: undefined, problems: source, warnings: [] };
  const { data, error } = suiteShape.safeParse(valueOf(source));
  if (data === undefined) {
    const problems = problemsOf(error.issues, source, suiteShape).map(({ problem }) => problem);
    return { suite: undefined, problems, warnings: [] };
  }
  const made = data.experiments.map((entry, i) => entriesOf(entry, ['experiments', i], data, source, { env, read }));
  const gaps = data.experiments.flatMap((entry, i) => gapsOf(entry, ['experiments', i], data, source) ?? []);
  const entries = made.flatMap((one) => one.entries);
  const unknown = unknownQuarantines(data, entries, source);
  const ofSeverity = (severity: Problem['severity']): Problem[] => unknown.filter((one) => one.severity === severity);
  const problems = [...made.flatMap((one) => one.problems), ...ofSeverity('error')];
  const warnings = [...made.flatMap((one) => one.warnings), ...ofSeverity('warning')];
  const complete = problems.length === 0 && made.every((one) => one.complete);
  return { suite: complete ? suiteOf(file, data, withoutTwice(entries), gaps[0]) : undefined, problems, warnings };
}

interface Made {
  readonly entries: readonly SuiteEntry[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** False when Compose is missing. */
  readonly complete: boolean;
}

function entriesOf(
  entry: SuiteFileEntry,
  path: Path,
  suite: SuiteFile,
  source: Source,
  { env, read }: Pick<SuiteReading, 'env' | 'read'>,
): Made {
  if (entry.actions !== undefined) return { entries: [], problems: [], warnings: [], complete: true };
  if (entry.gaps !== undefined) return likeOf(entry.gaps, path, source, { env, read });
  const files = entry.file === undefined ? filesBeside(source.file) : [resolve(dirname(source.file), entry.file)];
  const runs = files.flatMap((file) =>
    combinations(entry.set, entry.with).map((overrides) => {
      const result = read({ file, overrides, env: { ...env, ...entry.environment } });
      return { file, overrides, ...result };
    }),
  );
  const { tag } = entry;
  // A file that cannot be read says nothing about its tags: its mistakes are named by whoever names the file.
  const asked = tag === undefined ? runs : runs.filter(({ experiment }) => experiment?.tags.includes(tag) === true);
  const none: Problem[] =
    asked.length > 0
      ? []
      : [
          {
            file: source.file,
            ...placeOf(source, [...path, 'tag']),
            code: 'CHAOS_SUITE_EMPTY',
            message: `no experiment in ${dirname(dirname(source.file))} has the tag "${tag ?? ''}"`,
            hint: didYouMean(tag ?? '', [...new Set(runs.flatMap(({ experiment }) => experiment?.tags ?? []))]),
            severity: 'error',
          },
        ];
  const placed = (problem: Problem): Problem =>
    problem.file.startsWith('--set ')
      ? { ...problem, file: source.file, ...placeOf(source, path), message: `${problem.message} (${problem.file})` }
      : atNaming(problem, source, [...path, 'file']);
  return {
    entries: asked.flatMap(({ plan, overrides }) =>
      plan === undefined ? [] : [entryOf(plan, overrides, entry, suite)],
    ),
    problems: [...none, ...distinct(asked.flatMap(({ problems }) => problems).map(placed))],
    warnings: distinct(asked.flatMap(({ warnings }) => warnings).map(placed)),
    complete: asked.every(({ plan, problems }) => plan !== undefined || problems.length > 0),
  };
}

type WrittenGaps = NonNullable<SuiteFileEntry['gaps']>;

/** Reads the experiment after which others are generated. It is no entry itself. */
function likeOf(
  { like }: WrittenGaps,
  path: Path,
  source: Source,
  { env, read }: Pick<SuiteReading, 'env' | 'read'>,
): Made {
  if (like === undefined) return { entries: [], problems: [], warnings: [], complete: true };
  const { plan, problems } = read({ file: resolve(dirname(source.file), like), overrides: [], env });
  return {
    entries: [],
    problems: problems.map((problem) => atNaming(problem, source, [...path, 'gaps', 'like'])),
    warnings: [],
    complete: plan !== undefined || problems.length > 0,
  };
}

function gapsOf({ gaps, again }: SuiteFileEntry, path: Path, suite: SuiteFile, source: Source): AskedGaps | undefined {
  if (gaps === undefined) return undefined;
  const { minutes, like } = gaps;
  return {
    minutes,
    like: like === undefined ? undefined : resolve(dirname(source.file), like),
    again: again ?? suite.again,
    place: { file: source.file, ...placeOf(source, [...path, 'gaps']) },
  };
}

function entryOf(plan: Plan, overrides: readonly string[], entry: SuiteFileEntry, suite: SuiteFile): SuiteEntry {
  const { environment, expect } = entry;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return {
    key: [plan.name, ...overrides, ...variables].join(' '),
    plan,
    environment,
    again: entry.again ?? suite.again,
    ...(expect === undefined ? {} : { expect: { check: expect.fail } }),
  };
}

/** An experiment that a tag and a file name both runs once. */
const withoutTwice = (entries: readonly SuiteEntry[]): SuiteEntry[] =>
  [...new Map(entries.toReversed().map((entry) => [entry.key, entry])).values()].toReversed();

function suiteOf(file: string, data: SuiteFile, entries: readonly SuiteEntry[], gaps: AskedGaps | undefined): Suite {
  const actions = data.experiments.find((entry) => entry.actions !== undefined);
  return {
    file,
    name: basename(file).replace(/\.ya?ml$/, ''),
    title: data.title,
    seed: data.seed,
    budgetMs: data.budget,
    mostFailures: data.most_failures,
    blackouts: data.never.map(({ days, from, to, zone, why }) => ({
      days: days.map(weekday),
      from,
      to,
      zone,
      text: `${days.join(', ')} ${clock(from)} to ${clock(to)} ${zone}`,
      why,
    })),
    quarantines: data.quarantine,
    gaps,
    ...(actions === undefined ? {} : { actions: { again: actions.again ?? data.again } }),
    entries: data.order === 'seeded' ? seededOrder(entries, data.seed) : entries,
  };
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Experiments lie beside the folder of the suites: experiments/*.yaml for experiments/suites/nightly.yaml. */
const filesBeside = (suite: string): string[] => {
  const folder = dirname(dirname(suite));
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
};

function unknownQuarantines(data: SuiteFile, entries: readonly SuiteEntry[], source: Source): Problem[] {
  const names = [...new Set(entries.map(({ plan }) => plan.name))];
  // Nobody knows yet which experiments the gaps will bring.
  const open = data.experiments.some(({ gaps }) => gaps !== undefined);
  return data.quarantine.flatMap(({ experiment }, i): Problem[] => {
    if (names.includes(experiment)) return [];
    return [
      {
        file: source.file,
        ...placeOf(source, ['quarantine', i, 'experiment']),
        code: 'CHAOS_WRONG_VALUE',
        message: `the suite has no experiment "${experiment}"${open ? ', unless the gaps bring it' : ''}`,
        hint: didYouMean(experiment, names),
        severity: open ? 'warning' : 'error',
      },
    ];
  });
}
