import { basename, dirname, relative, resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import type { Workload } from '../core/load/load.ts';
import type { Plan } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { Stopping } from '../core/stop-rule.ts';
import type { TopologySpec } from '../core/topology.ts';
import { tooFewRequests } from './enough.ts';
import type { Env } from './interpolate.ts';
import { problemsOf } from './issues.ts';
import { loadPlan } from './load.ts';
import type { Mismatch } from './mismatch.ts';
import { mismatches, type Parts } from './names.ts';
import { applyOverrides, blame, type Override } from './overrides.ts';
import { readParts } from './parts.ts';
import { type ExperimentFile, experimentShape } from './schema.ts';
import { type Path, placeOf, readSource, type Source, valueOf } from './source.ts';
import { readTopology, topologyOf } from './topology.ts';
import { isLoadTestFile, readWorkload } from './workload.ts';

export { exampleYaml, type ExperimentList } from './example.ts';
export { type Kind, kindsOf } from './kinds.ts';
export { loadOf } from './load-of.ts';
export { type Parameter, parametersOf } from './parameters.ts';
export { experimentSchema } from './schema.ts';
export { plannedRequests } from './enough.ts';
export { renderProblems } from './render.ts';
export { nearest } from './suggest.ts';
export { isLoadTestFile, readTopology, readWorkload };

export interface ReadOptions {
  /** Absolute path. */
  readonly file: string;
  /** As given to --set. */
  readonly overrides: readonly string[];
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly metrics: readonly Stopping[];
  readonly env: Env;
}

export interface ReadResult {
  /** Undefined when there are problems. */
  readonly plan: Plan | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The experiment's own mistakes first, then those of the files that it names; each file from top to bottom. */
const refused = (file: string, problems: readonly Problem[]): ReadResult => ({
  plan: undefined,
  problems: problems.toSorted(
    (a, b) =>
      Number(b.file === file) - Number(a.file === file) ||
      a.file.localeCompare(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  ),
  warnings: [],
});

/** An experiment file to a Plan, or every mistake with its place. Reads files and touches nothing else. */
export function readExperiment(options: ReadOptions): ReadResult {
  const { file, faults, checks, metrics } = options;
  const source = readSource(file);
  if (!('doc' in source)) return refused(file, source);
  const { overrides, problems: wrong } = applyOverrides(source, options.overrides);
  if (wrong.length > 0) return refused(file, wrong);
  const value = valueOf(source);
  const shape = experimentShape(faults, checks, metrics);
  const parsed = shape.safeParse(value);
  const misshapen = parsed.success
    ? []
    : problemsOf(parsed.error.issues, source, shape).map(({ path, problem }) => blame(problem, path, overrides));
  const { workload, topology, problems: unread } = readNamedFiles(source, value, overrides, options.env);
  const parts = readParts(source, value, shape, workload, topology);
  const place =
    (severity: Problem['severity']) =>
    ({ path, code, message, hint }: Mismatch): Problem =>
      blame({ file, ...placeOf(source, path), code, message, hint, severity }, path, overrides);
  const problems = [...misshapen, ...unread, ...mismatches(parts, options).map(place('error'))];
  if (problems.length > 0 || !parsed.success || workload === undefined || topology === undefined)
    return refused(file, problems);
  const plan = makePlan(source, parsed.data, workload, topology, parts, overrides);
  return { plan, problems: [], warnings: tooFewRequests(plan).map(place('warning')) };
}

interface NamedFiles {
  readonly workload: Workload | undefined;
  readonly topology: TopologySpec | undefined;
  readonly problems: readonly Problem[];
}

/** The files that an experiment names, as far as it names them. A file that is not there is the naming line's mistake. */
function readNamedFiles(source: Source, value: unknown, overrides: readonly Override[], env: Env): NamedFiles {
  const { file, doc } = source;
  const named = (path: Path): string[] => {
    const found: unknown = valueAt(value, path);
    const names = Array.isArray(found) ? (found as unknown[]) : [found];
    return names.filter((name) => typeof name === 'string').map((name) => resolve(dirname(file), name));
  };
  const [workloadFile] = named(['load', 'workload']);
  const topologyFiles = doc.has('topology') ? named(['topology']) : [];
  const workload = workloadFile === undefined ? [] : readWorkload(workloadFile, 'audited');
  const topology = topologyFiles.length === 0 ? [] : topologyOf(topologyFiles, env);
  const naming = (problems: readonly Problem[], path: Path): Problem[] =>
    problems.map((problem) => {
      if (problem.line !== undefined) return problem;
      const message = `${relative(dirname(file), problem.file)}: ${problem.message}`;
      return blame({ ...problem, file, ...placeOf(source, path), message }, path, overrides);
    });
  return {
    workload: 'scenarios' in workload ? workload : undefined,
    topology: 'project' in topology ? topology : undefined,
    problems: [
      ...('scenarios' in workload ? [] : naming(workload, ['load', 'workload'])),
      ...('project' in topology ? [] : naming(topology, ['topology'])),
    ],
  };
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce(
    (part: unknown, step) =>
      typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[step] : undefined,
    value,
  );

function makePlan(
  source: Source,
  data: ExperimentFile,
  workload: Workload,
  topology: TopologySpec,
  parts: Parts,
  overrides: readonly Override[],
): Plan {
  return {
    schema_version: 1,
    file: source.file,
    name: basename(source.file).replace(/\.ya?ml$/, ''),
    title: data.title,
    tags: data.tags,
    seed: data.seed,
    topology,
    load: loadPlan(data.load, workload),
    phases: data.phases,
    faults: parts.steps.filter((step) => step !== undefined),
    hypotheses: parts.hypotheses.filter((hypothesis) => hypothesis !== undefined),
    stop_if: parts.stops.filter((stop) => stop !== undefined),
    overrides: overrides.map((o) => o.text),
  };
}
