import { dirname, relative, resolve } from 'node:path';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import { FULL } from '../../core/certificate/statements.ts';
import { constantLoad } from '../../core/load/plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import type { Env, ComposeReader } from '../../core/topology/compose.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { readWorkload } from '../load/workload.ts';
import type { ReadOptions, ReadResult } from '../reading.ts';
import { problemsOf } from '../source/issues.ts';
import { atNaming, distinct } from '../source/of-another-file.ts';
import { placeOf, readSource, type Source, valueOf } from '../source/source.ts';
import { topologyOf } from '../topology/topology.ts';
import { askedOf } from './asked.ts';
import { cellText, conditionOf } from './cell.ts';
import { LIGHT_PER_S } from './limits.ts';
import { mistakesOf } from './mistakes.ts';
import { type CapacityFile, capacityShape } from './shape.ts';

/** A capacity file without a mistake, with every plan that it takes. */
export interface CapacityRead {
  readonly asked: CapacityAsked;
  readonly topology: TopologySpec;
  /** Without faults: the search goes on in its baseline. */
  readonly full: Plan;
  /** In the order of `asked.cells`. The search goes on in the fault phase. */
  readonly cells: readonly Plan[];
  /** By the paths in `asked.targets.experiments`. */
  readonly experiments: ReadonlyMap<string, Plan>;
  readonly warnings: readonly Problem[];
}

export interface CapacityReading {
  /** Absolute path. */
  readonly file: string;
  readonly env: Env;
  readonly compose: ComposeReader;
  readonly read: (options: Pick<ReadOptions, 'file' | 'text' | 'overrides' | 'env'>) => ReadResult;
}

/** Reads a capacity file and everything that it names. Returns it, or every mistake with its place; undefined without Compose. */
export function readCapacityFile(
  reading: CapacityReading,
): CapacityRead | { readonly problems: readonly Problem[] } | undefined {
  const { file, env, compose } = reading;
  const source = readSource(file);
  if (!('doc' in source)) return { problems: source };
  const { data, error } = capacityShape.safeParse(valueOf(source));
  if (data === undefined)
    return { problems: problemsOf(error.issues, source, capacityShape).map(({ problem }) => problem) };
  const at = (path: string): string => resolve(dirname(file), path);
  const named = [data.topology].flat().map(at);
  const read = topologyOf({ files: named, env, compose });
  const workload = readWorkload(at(data.workload), 'unaudited');
  const unread = [
    ...read.problems.map((problem) => atNaming(problem, source, ['topology'])),
    ...('scenarios' in workload ? [] : workload.map((problem) => atNaming(problem, source, ['workload']))),
  ];
  if (unread.length > 0 || !('scenarios' in workload)) return { problems: unread };
  const { topology } = read;
  const mistakes = mistakesOf(data, workload, topology, source);
  const cells = data.cells.map((cell, i) => cellOf(cell, i, data, topology, source, reading));
  const experiments = new Map(
    data.experiments.map((path) => [path, reading.read({ file: at(path), overrides: [], env })]),
  );
  const problems = [
    ...mistakes,
    ...cells.flatMap((cell) => cell.problems),
    ...[...experiments].flatMap(([path, one]) =>
      one.problems.map((problem) => atNaming(problem, source, ['experiments', data.experiments.indexOf(path)])),
    ),
  ];
  if (problems.length > 0) return { problems: distinct(problems) };
  if (topology === undefined) return undefined;
  const paths = new Map(
    [...experiments].map(([path, { plan }]) => [relative(dirname(named[0] ?? file), at(path)), plan]),
  );
  const asked = askedOf(data, {
    file,
    workload,
    experiments: [...paths.keys()],
    cells: cells.map(({ plan }) => plan),
  });
  return {
    asked,
    topology,
    full: fullPlan(asked, topology),
    cells: cells.flatMap(({ plan }) => plan ?? []).map((plan) => light(plan)),
    experiments: new Map([...paths].flatMap(([path, plan]) => (plan === undefined ? [] : [[path, plan]]))),
    warnings: distinct([...read.warnings, ...[...experiments.values()].flatMap(({ warnings }) => warnings)]),
  };
}

interface CellRead {
  readonly plan: Plan | undefined;
  readonly problems: readonly Problem[];
}

function cellOf(
  cell: CapacityFile['cells'][number],
  i: number,
  data: CapacityFile,
  topology: TopologySpec | undefined,
  source: Source,
  { file, env, read }: CapacityReading,
): CellRead {
  const key = cell.without === undefined ? 'faults' : 'without';
  const { plan, problems } = read({
    ...cellText(cell, { file, data, lightPerS: LIGHT_PER_S }, topology),
    overrides: [],
    env,
  });
  const mine = { file: source.file, ...placeOf(source, ['cells', i, key]), severity: 'error' as const };
  const ends = faultsOf(plan?.faults ?? []).filter((fault) => fault.for !== undefined);
  return {
    plan,
    problems: [
      ...problems.map(({ code, message, hint }) => ({
        ...mine,
        code,
        message: `${conditionOf(cell)}: ${message}`,
        hint,
      })),
      ...ends.map(({ fault }) => ({
        ...mine,
        code: 'CHAOS_WRONG_VALUE' as const,
        message: `${conditionOf(cell)}: "${fault}" ends before the search does`,
        hint: 'Leave `for` out: a fault of a cell is held during the whole search.',
      })),
    ],
  };
}

/** The wanted load is held after the search, and then the load goes past the knee: so long, milliseconds. */
const CURVE_MS = 180_000;

/** The run in whose baseline the search without any fault goes on. It ends with the search. */
const fullPlan = (asked: CapacityAsked, topology: TopologySpec): Plan =>
  light({
    schema_version: 1,
    file: asked.file,
    name: asked.name,
    title: `${asked.title}: ${FULL}`,
    tags: ['capacity'],
    seed: asked.seed,
    topology,
    load: constantLoad(asked.workload, asked.lightPerS, asked.timeoutMs),
    phases: {
      warmup: 5_000,
      baseline: asked.fullMs + (asked.held?.ms ?? 0) + CURVE_MS,
      fault: 0,
      heal: 0,
      recovery: 0,
    },
    faults: [],
    hypotheses: [],
    overrides: [],
  });

/**
 * The load of a cell's run is light and only shows whether the system works. Its requests are not followed from hop to hop:
 * the logs are full of the search's own.
 */
function light(plan: Plan): Plan {
  const { hops: _hops, ...topology } = plan.topology;
  return { ...plan, topology };
}
