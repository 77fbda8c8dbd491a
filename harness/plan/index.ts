import { basename, dirname, relative, resolve } from 'node:path';
import type { Workload } from '../core/load/load.ts';
import type { Problem } from '../core/plan/problem.ts';
import { can } from '../core/topology/capability.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { tooFewRequests } from './enough.ts';
import { tooShort } from './long-enough.ts';
import { pathText, problemsOf } from './source/issues.ts';
import { loadPlan } from './load/load.ts';
import { unknownAlerts } from './alerts/unknown.ts';
import { monitoringIn, monitoringMismatches } from './monitoring.ts';
import type { Mismatch } from '../core/plan/mismatch.ts';
import { mismatches, type Parts } from './names.ts';
import { applyOverrides, blame, type Override } from './overrides.ts';
import { readParts } from './parts.ts';
import type { Experiment, ReadOptions, ReadResult } from './reading.ts';
import { withScalers } from './scalers.ts';
import { type ExperimentFile, experimentShape } from './schema.ts';
import type { Path } from '../core/plan/mismatch.ts';
import { parseSource, placeOf, readSource, type Source, valueOf } from './source/source.ts';
import { valueAt } from './source/value-at.ts';
import { composeMissing } from './topology/missing.ts';
import { composeQuestion, readTopology, topologyOf, type TopologyRead } from './topology/topology.ts';
import { variablesOf } from './topology/variables.ts';
import { isLoadTestFile, readWorkload } from './load/workload.ts';

export { type Linted, lintAlerts } from './alerts/lint.ts';
export { exampleYaml, type ExperimentList } from './example.ts';
export { type ExperimentText, fileOfObject } from './from-object.ts';
export { kindsOf } from './kinds.ts';
export { capacityYaml, readCapacity } from './capacity/calibration.ts';
export { isCapacityFile } from './capacity/is-capacity.ts';
export { type CapacityRead, readCapacityFile } from './capacity/read.ts';
export { capacitySchema } from './capacity/shape.ts';
export { generatedYaml, type ModelFile, readModel } from './generated-experiment.ts';
export { whyFixed } from './controllers.ts';
export { loadOf } from './load/load-of.ts';
export { isPath, PATH_RULE } from './load/path.ts';
export { type Parameter, parametersOf } from './parameters.ts';
export { readRuleFiles } from './alerts/read-rules.ts';
export { parsedYaml } from './source/parsed-yaml.ts';
export type { Monitoring } from './monitoring.ts';
export { experimentSchema } from './schema.ts';
export { excludedBursts, type ExcludedBurst } from './bursts.ts';
export { plannedRequests } from './requests.ts';
export { hypothesisMismatches } from './names.ts';
export { renderProblems } from './render.ts';
export type { ReadOptions, ReadResult } from './reading.ts';
export { readSimulation, type Simulation } from './simulation.ts';
export { isGamedayFile } from './gameday/is-gameday.ts';
export { type GamedayRead, readGameday, type ReadGameDay } from './gameday/read.ts';
export { gamedaySchema } from './gameday/shape.ts';
export { type ArmLengths, armText, leastMs } from './runbook/arm.ts';
export { type LintedRunbooks, lintRunbooks } from './runbook/lint.ts';
export { type ReadRunbook, readRunbook } from './runbook/read.ts';
export { type ReadOne, readSuite, type SuiteRead } from './suite/read.ts';
export { suiteSchema } from './suite/shape.ts';
export { isSuiteFile } from './suite/is-suite.ts';
export { nearest } from '../kit/suggest.ts';
export { builtFrom } from './topology/built-from.ts';
export { composeMissing, composeQuestion, isLoadTestFile, readTopology, readWorkload, variablesOf };

/** Sorts the problems: the experiment file first, then the files that it names, each file from top to bottom. */
const refused = (file: string, problems: readonly Problem[], warnings: readonly Problem[] = []): ReadResult => ({
  plan: undefined,
  experiment: undefined,
  problems: problems.toSorted(
    (a, b) =>
      Number(b.file === file) - Number(a.file === file) ||
      a.file.localeCompare(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  ),
  warnings,
});

/**
 * Reads an experiment file. Returns its plan, or every mistake with its place. Reads files and asks Compose, and
 * touches nothing else.
 */
export function readExperiment(options: ReadOptions): ReadResult {
  const { file, checks } = options;
  const source = sourceOf(options);
  if (!('doc' in source)) return refused(file, source);
  const { overrides, problems: wrong } = applyOverrides(source, options.overrides);
  if (wrong.length > 0) return refused(file, wrong);
  const written = valueOf(source);
  const located: Located = (problem, path) => {
    const blamed = blame(problem, path, overrides);
    return options.text === undefined || blamed.file !== file ? blamed : inObject(blamed, path);
  };
  const { workload, topology, problems: unread, warnings } = readNamedFiles(source, written, located, options);
  const value = withScalers(written, topology);
  const shape = experimentShape(options);
  const parsed = shape.safeParse(value);
  const misshapen = parsed.success
    ? []
    : problemsOf(parsed.error.issues, source, shape).map(({ path, problem }) => located(problem, path));
  const parts = readParts(source, value, shape, workload, topology, options.steps);
  const place =
    (severity: Problem['severity']) =>
    ({ path, beside, code, message: what, hint }: Mismatch): Problem => {
      const otherPlace = (to: Path): string =>
        options.text === undefined ? `${basename(file)}:${placeOf(source, to).line}` : pathText(to);
      const message = `${what}${beside === undefined ? '' : ` (${otherPlace(beside)})`}`;
      return located({ file, ...placeOf(source, path), code, message, hint, severity }, path);
    };
  const unfit = [
    ...mismatches(parts, options),
    ...monitoringMismatches(topology, monitoringIn(file, written)),
    ...unknownAlerts(parts),
  ];
  const problems = [...misshapen, ...unread, ...unfit.map(place('error'))];
  if (problems.length > 0 || !parsed.success || workload === undefined) return refused(file, problems, warnings);
  const experiment = makeExperiment(source, parsed.data, workload, parts, overrides);
  const plan = topology === undefined ? undefined : { ...experiment, topology };
  return {
    plan,
    experiment,
    problems: [],
    warnings: [
      ...warnings,
      ...[...tooFewRequests(experiment, checks), ...tooShort(experiment, checks)].map(place('warning')),
    ],
  };
}

const sourceOf = ({ file, text }: Pick<ReadOptions, 'file' | 'text'>): ReturnType<typeof readSource> =>
  text === undefined ? readSource(file) : parseSource(file, text);

/** Returns the paths of the compose files that an experiment names. None when the experiment cannot be read. */
export function composeFilesOf(named: Pick<ReadOptions, 'file' | 'text'>): readonly string[] {
  const source = sourceOf(named);
  return 'doc' in source ? namedAt(named.file, valueOf(source), ['topology']) : [];
}

/** Returns the paths of the files that the value at a path names. */
function namedAt(file: string, value: unknown, path: Path): string[] {
  const found: unknown = valueAt(value, path);
  const names = Array.isArray(found) ? (found as unknown[]) : [found];
  return names.filter((name) => typeof name === 'string').map((name) => resolve(dirname(file), name));
}

/** Returns a problem with the place that a person looks for: of an override, in the file, or in the object. */
type Located = (problem: Problem, path: Path) => Problem;

const inObject = ({ code, message, hint, severity }: Problem, path: Path): Problem => ({
  file: ['experiment', pathText(path)].filter((part) => part !== '').join('.'),
  code,
  message,
  hint,
  severity,
});

interface NamedFiles {
  readonly workload: Workload | undefined;
  readonly topology: TopologySpec | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const UNNAMED: TopologyRead = { topology: undefined, problems: [], warnings: [] };

/** Reads the files that an experiment names. A missing file is a mistake of the line that names it. */
function readNamedFiles(source: Source, value: unknown, located: Located, { env, compose }: ReadOptions): NamedFiles {
  const { file, doc } = source;
  const [workloadFile] = namedAt(file, value, ['load', 'workload']);
  const topologyFiles = doc.has('topology') ? namedAt(file, value, ['topology']) : [];
  const monitoring = monitoringIn(file, value);
  const read = topologyFiles.length === 0 ? UNNAMED : topologyOf({ files: topologyFiles, env, compose, monitoring });
  // Where no database can be asked, nobody looks the writes up.
  const auditing = read.topology === undefined || can(read.topology, 'writes') ? 'audited' : 'unaudited';
  const workload = workloadFile === undefined ? [] : readWorkload(workloadFile, auditing);
  const naming = (problems: readonly Problem[], path: Path): Problem[] =>
    problems.map((problem) => {
      // The mistake is inside the named file, so the line that names the file is right.
      if (problem.line !== undefined || problem.code === 'CHAOS_COMPOSE_FILE') return problem;
      const message = `${relative(dirname(file), problem.file)}: ${problem.message}`;
      return located({ ...problem, file, ...placeOf(source, path), message }, path);
    });
  return {
    workload: 'scenarios' in workload ? workload : undefined,
    topology: read.topology,
    problems: [
      ...('scenarios' in workload ? [] : naming(workload, ['load', 'workload'])),
      ...naming(read.problems, ['topology']),
    ],
    warnings: read.warnings,
  };
}

function makeExperiment(
  source: Source,
  data: ExperimentFile,
  workload: Workload,
  parts: Parts,
  overrides: readonly Override[],
): Experiment {
  return {
    schema_version: 1,
    file: source.file,
    name: basename(source.file).replace(/\.ya?ml$/, ''),
    title: data.title,
    tags: data.tags,
    seed: data.seed,
    load: loadPlan(data.load, workload),
    phases: data.phases,
    faults: parts.steps.filter((step) => step !== undefined),
    hypotheses: parts.hypotheses.filter((hypothesis) => hypothesis !== undefined),
    stop_if: parts.stops.filter((stop) => stop !== undefined),
    controllers: parts.controllers.filter((controller) => controller !== undefined),
    charts: parts.charts.filter((chart) => chart !== undefined),
    overrides: overrides.map((o) => o.text),
  };
}
