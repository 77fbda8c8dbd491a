import { basename, dirname, relative, resolve } from 'node:path';
import type { AskedCell, CapacityAsked } from '../../core/capacity/asked.ts';
import { FULL, type Targets } from '../../core/certificate/statements.ts';
import { formatDuration } from '../../core/duration.ts';
import { classNames, shareOf } from '../../core/load/classes.ts';
import type { Workload } from '../../core/load/load.ts';
import { constantLoad } from '../../core/load/plan.ts';
import { ratePerUser } from '../../core/load/workload-rate.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { faultsOf } from '../../core/plan/steps.ts';
import type { Env, ComposeReader } from '../../core/topology/compose.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { readWorkload } from '../load/workload.ts';
import type { ReadOptions, ReadResult } from '../reading.ts';
import { problemsOf } from '../source/issues.ts';
import { placeOf, readSource, type Source, valueOf } from '../source/source.ts';
import { topologyOf } from '../topology/topology.ts';
import { AROUND_SEARCH_MS, cellText, conditionOf } from './cell.ts';
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

/** Requests a second beside every step. They show when faults are in force, and when the system is as before. */
const LIGHT_PER_S = 5;
/** Requests a second. Below this rate the bounds of a step would need too long. */
const LEAST_PER_S = 2 * LIGHT_PER_S;
/** A search begins at most here: what no system carries only hurts it. Requests a second. */
const FROM_PER_S = 200;
const MOST_PER_S = 5_000;
const MOST_TIMES = 50;
/** The specification of a cell: no search with something gone takes longer. Milliseconds. */
const LONGEST_CELL_MS = 360_000;
/** A search in less time than this finds nothing, milliseconds. */
const SHORTEST_SEARCH_MS = 30_000;

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
  const asked = askedOf(
    data,
    workload,
    file,
    [...paths.keys()],
    cells.map(({ plan }) => plan),
  );
  return {
    asked,
    topology,
    full: fullPlan(asked, topology),
    cells: cells.flatMap(({ plan }) => plan ?? []).map((plan) => light(plan)),
    experiments: new Map([...paths].flatMap(([path, plan]) => (plan === undefined ? [] : [[path, plan]]))),
    warnings: distinct([...read.warnings, ...[...experiments.values()].flatMap(({ warnings }) => warnings)]),
  };
}

/** A file that is missing is a mistake of the line that names it. */
const atNaming = (problem: Problem, source: Source, path: Path): Problem =>
  problem.line !== undefined || problem.file === source.file
    ? problem
    : {
        ...problem,
        file: source.file,
        ...placeOf(source, path),
        message: `${relative(dirname(source.file), problem.file)}: ${problem.message}`,
      };

const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];

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

/** Returns the mistakes that no schema finds. */
function mistakesOf(
  data: CapacityFile,
  workload: Workload,
  topology: TopologySpec | undefined,
  source: Source,
): readonly Problem[] {
  const wrong = (path: Path, message: string, hint: string): Problem => ({
    file: source.file,
    ...placeOf(source, path),
    code: 'CHAOS_WRONG_VALUE',
    message,
    hint,
    severity: 'error',
  });
  const { p95, cpu = {}, connections, rate, users = 0 } = data.targets;
  const names = classNames(workload);
  const limits = typeof p95 === 'number' ? { all: p95 } : p95;
  const conditions = data.cells.map(conditionOf);
  const wanted = rate ?? users * ratePerUser(workload);
  const waivable = [...conditions, ...data.experiments];
  return [
    ...Object.keys(limits)
      .filter((of) => shareOf(of, workload) === 0)
      .map((of) => wrong(['targets', 'p95', of], `the workload has no requests of "${of}"`, didYouMean(of, names))),
    ...Object.entries(limits)
      .filter(([, ms]) => ms >= data.timeout)
      .map(([of]) =>
        wrong(['timeout'], `the timeout is not above the p95 of ${of}`, 'A slow answer must be able to come.'),
      ),
    ...(topology === undefined
      ? []
      : [
          ...Object.keys(cpu)
            .filter((service) => topology.services[service] === undefined)
            .map((service) =>
              wrong(
                ['targets', 'cpu', service],
                `the topology has no service "${service}"`,
                didYouMean(service, Object.keys(topology.services)),
              ),
            ),
          ...(connections === undefined || topology.connections !== undefined
            ? []
            : [
                wrong(
                  ['targets', 'connections'],
                  'nobody knows how many connections a server takes',
                  'Write x-chaos.connections into the compose file.',
                ),
              ]),
        ]),
    ...conditions.flatMap((name, i) =>
      name === FULL || conditions.indexOf(name) < i
        ? [wrong(['cells', i], `"${name}" is the name of another condition`, 'Write another name.')]
        : [],
    ),
    ...data.waivers
      .map(({ of }, i) => ({ of, i }))
      .filter(({ of }) => !waivable.includes(of))
      .map(({ of, i }) =>
        wrong(['waivers', i, 'of'], `"${of}" is no cell and no experiment of this file`, didYouMean(of, waivable)),
      ),
    ...(data.cell_for < AROUND_SEARCH_MS + SHORTEST_SEARCH_MS || data.cell_for > LONGEST_CELL_MS
      ? [
          wrong(
            ['cell_for'],
            `a cell takes from ${formatDuration(AROUND_SEARCH_MS + SHORTEST_SEARCH_MS)} to ${formatDuration(LONGEST_CELL_MS)}`,
            'Write for example 6m.',
          ),
        ]
      : []),
    ...(data.search.for < SHORTEST_SEARCH_MS
      ? [
          wrong(
            ['search', 'for'],
            `a search takes ${formatDuration(SHORTEST_SEARCH_MS)} at least`,
            'Write for example 25m.',
          ),
        ]
      : []),
    ...(wanted < LEAST_PER_S
      ? [
          wrong(
            ['targets'],
            `the wanted load is ${Number(wanted.toPrecision(3))} requests a second`,
            `Write a load of ${LEAST_PER_S}/s at least: less needs no search.`,
          ),
        ]
      : []),
    ...(data.search.from !== undefined && data.search.from > (data.search.most ?? MOST_PER_S)
      ? [wrong(['search', 'from'], 'the first step is above the highest', 'Begin lower.')]
      : []),
  ];
}

function askedOf(
  data: CapacityFile,
  workload: Workload,
  file: string,
  experiments: readonly string[],
  plans: readonly (Plan | undefined)[],
): CapacityAsked {
  const { targets, search } = data;
  const ratePerS = Number((targets.rate ?? (targets.users ?? 0) * ratePerUser(workload)).toPrecision(4));
  const limits = typeof targets.p95 === 'number' ? { all: targets.p95 } : targets.p95;
  const latency = Object.entries(limits).map(([of, p95Ms]) => ({ of, p95Ms }));
  const classes = latency.flatMap((one) => (one.of === 'all' ? [] : [{ ...one, share: shareOf(one.of, workload) }]));
  const held =
    targets.held === undefined
      ? undefined
      : { condition: `${ratePerS}/s for ${formatDuration(targets.held)}`, ms: targets.held };
  const mostPerS = search.most ?? Math.min(MOST_PER_S, MOST_TIMES * ratePerS);
  return {
    file,
    name: basename(file).replace(/\.ya?ml$/, ''),
    title: data.title,
    seed: data.seed,
    workload,
    timeoutMs: data.timeout,
    targets: {
      latency,
      errors: targets.errors,
      ...limitsOf(targets),
      needs: [
        { condition: FULL, ratePerS },
        ...(held === undefined ? [] : [{ condition: held.condition, ratePerS }]),
        ...data.cells.map((cell): Targets['needs'][number] => ({
          condition: conditionOf(cell),
          ...(cell.rate === undefined && cell.keeps !== undefined ? {} : { ratePerS: cell.rate ?? ratePerS }),
          ...(cell.keeps === undefined ? {} : { keeps: cell.keeps }),
        })),
      ],
      experiments: [...experiments],
    },
    ratePerS,
    users: targets.users,
    objective: {
      // Where each class has its limit, all requests are within the widest.
      p95Ms: limits['all'] ?? Math.max(...latency.map(({ p95Ms }) => p95Ms)),
      errors: targets.errors,
      ...(classes.length === 0 ? {} : { classes }),
    },
    search: {
      fromPerS: Math.min(mostPerS, Math.max(LEAST_PER_S, search.from ?? Math.min(FROM_PER_S, ratePerS / 2))),
      leastPerS: LEAST_PER_S,
      mostPerS,
      ratio: search.within,
    },
    held,
    lightPerS: LIGHT_PER_S,
    cells: data.cells.map((cell, i): AskedCell => {
      const steps = faultsOf(plans[i]?.faults ?? []);
      return {
        condition: conditionOf(cell),
        faults: steps.map(({ fault, params }) => `${fault} ${JSON.stringify(params)}`).join(', '),
      };
    }),
    fullMs: search.for,
    cellMs: data.cell_for,
    mostMs: data.most,
    validDays: data.valid_days,
    signer: data.signer,
    productionLike: data.production_like ?? null,
    waivers: data.waivers,
    growth: data.growth === undefined ? undefined : resolve(dirname(file), data.growth),
  };
}

function limitsOf({ cpu, connections }: CapacityFile['targets']): Pick<Targets, 'limits'> {
  if (cpu === undefined && connections === undefined) return {};
  return {
    limits: {
      ...(cpu === undefined ? {} : { cpu }),
      ...(connections === undefined ? {} : { connections }),
    },
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
