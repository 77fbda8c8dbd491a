import { basename, dirname, resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/fault.ts';
import type { LoadPlan, Workload } from '../core/load.ts';
import type { Plan } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { TopologySpec } from '../core/topology.ts';
import { ratePerUser, virtualUsersFor } from '../core/workload-rate.ts';
import { tooFewRequests } from './enough.ts';
import type { Env } from './interpolate.ts';
import { problemsOf } from './issues.ts';
import { keysOfSchema } from './keys.ts';
import { type Mismatch, mismatches } from './names.ts';
import { applyOverrides, blame, type Override } from './overrides.ts';
import { type ExperimentFile, experimentShape } from './schema.ts';
import { placeOf, readSource, type Source } from './source.ts';
import { readTopology } from './topology.ts';
import { readWorkload } from './workload.ts';

export { experimentSchema } from './schema.ts';
export { renderProblems } from './render.ts';
export { readTopology };

export interface ReadOptions {
  /** Absolute path. */
  readonly file: string;
  /** As given to --set. */
  readonly overrides: readonly string[];
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly env: Env;
}

export interface ReadResult {
  /** Undefined when there are problems. */
  readonly plan: Plan | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const refused = (problems: readonly Problem[]): ReadResult => ({
  plan: undefined,
  problems: problems.toSorted((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  warnings: [],
});

/** An experiment file to a Plan, or every mistake with its place. Reads files and touches nothing else. */
export function readExperiment(options: ReadOptions): ReadResult {
  const { file, faults, checks, env } = options;
  const source = readSource(file);
  if (!('doc' in source)) return refused(source);
  const { overrides, problems: wrong } = applyOverrides(source, options.overrides);
  if (wrong.length > 0) return refused(wrong);
  const shape = experimentShape(faults, checks);
  const parsed = shape.safeParse(source.doc.toJS());
  if (!parsed.success) {
    return refused(
      parsed.error.issues.flatMap((issue) =>
        problemsOf(issue, source, (path) => keysOfSchema(shape, path)).map((problem) => blame(problem, pathOf(issue), overrides)),
      ),
    );
  }
  const workload = readWorkload(resolve(dirname(file), parsed.data.load.workload));
  const topology = topologyOf(source, parsed.data, env);
  if (!('scenarios' in workload) || 'code' in topology) {
    return refused([...('scenarios' in workload ? [] : workload), ...('code' in topology ? [topology] : [])]);
  }
  const plan = makePlan(source, parsed.data, workload, topology, overrides);
  const place = (severity: Problem['severity']) => ({ path, code, message, hint }: Mismatch): Problem =>
    blame({ file, ...placeOf(source, path), code, message, hint, severity }, path, overrides);
  const problems = mismatches(plan, faults, checks).map(place('error'));
  if (problems.length > 0) return refused(problems);
  return { plan, problems: [], warnings: tooFewRequests(plan).map(place('warning')) };
}

const pathOf = (issue: { readonly path: readonly PropertyKey[] }): (string | number)[] =>
  issue.path.filter((step): step is string | number => typeof step !== 'symbol');

function topologyOf(source: Source, { topology }: ExperimentFile, env: Env): TopologySpec | Problem {
  const named = typeof topology === 'string' ? [topology] : topology;
  try {
    return readTopology(named.map((name) => resolve(dirname(source.file), name)), env);
  } catch (error) {
    if (!(error instanceof ChaosError)) throw error;
    const { code, message, hint } = error;
    return { file: source.file, ...placeOf(source, ['topology']), code, message: `${error.file ?? ''}: ${message}`, hint, severity: 'error' };
  }
}

function makePlan(source: Source, data: ExperimentFile, workload: Workload, topology: TopologySpec, overrides: readonly Override[]): Plan {
  const only = (item: object): [string, Record<string, unknown>] => Object.entries(item)[0] as [string, Record<string, unknown>];
  const faults = data.faults.map((item, i) => {
    const [fault, { at, for: lasts, ...params }] = only(item);
    return { id: `${fault}-${i + 1}`, fault, params, at: at as number, for: lasts as number | undefined };
  });
  const hypotheses = data.hypotheses.map((item, i) => {
    const [check, params] = only(item);
    return { check, params, line: placeOf(source, ['hypotheses', i, check]).line };
  });
  return {
    schema_version: 1,
    file: source.file,
    name: basename(source.file).replace(/\.ya?ml$/, ''),
    title: data.title,
    tags: data.tags,
    seed: data.seed,
    topology,
    load: loadPlan(data, workload),
    phases: data.phases,
    faults,
    hypotheses,
    overrides: overrides.map((o) => o.text),
  };
}

function loadPlan({ load }: ExperimentFile, workload: Workload): LoadPlan {
  const { rate, timeout, pressure } = load;
  return {
    workload,
    ratePerS: rate,
    virtualUsers: virtualUsersFor(workload, rate),
    timeoutMs: timeout,
    pressure:
      pressure === undefined
        ? undefined
        : { virtualUsers: pressure.virtual_users, ratePerS: pressure.rate ?? pressure.virtual_users * ratePerUser(workload) },
  };
}
