import './harness/library/this-node.ts';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BadExperiment } from './harness/commands/common/bad-experiment.ts';
import type { Plan } from './harness/core/plan/plan.ts';
import type { JudgedRun, RunDocument, Subscriber } from './harness/core/record/run.ts';
import { writeWhole } from './harness/disk/whole.ts';
import { judgeFolder } from './harness/judge/folder.ts';
import type { Experiment } from './harness/library/experiment.ts';
import { errorOf } from './harness/library/run-error.ts';
import { cataloguesFor, compose, reportsDir, sessionParts } from './harness/main.ts';
import {
  composeFilesOf,
  composeMissing,
  type ExperimentText,
  fileOfObject,
  readExperiment,
  renderProblems,
} from './harness/plan/index.ts';
import { openSession as open } from './harness/session/open-session.ts';
import type { Session, SessionOptions } from './harness/session/session.ts';

export { z } from 'zod';
export { type Config, defineConfig } from './harness/config/config.ts';
export { ChaosError } from './harness/core/errors.ts';
export { defineCheck } from './harness/core/kinds/check.ts';
export { defineFault } from './harness/core/kinds/fault.ts';
export { defineSeries } from './harness/core/kinds/series.ts';
export { defineReporter } from './harness/core/record/run.ts';
export type { Plan } from './harness/core/plan/plan.ts';
export type { JudgedRun, Reporter, RunDocument, Subscriber } from './harness/core/record/run.ts';
export * from './harness/library/experiment.ts';
export * as kit from './harness/library/kit.ts';
export * from './harness/library/run-error.ts';
export type { Session, SessionOptions, SessionRunOptions } from './harness/session/session.ts';

const root = import.meta.dirname;

type Env = Readonly<Record<string, string | undefined>>;

/** A file, or the text of a file that is not on disk. */
type Source = ExperimentText | { readonly file: string };

/** Returns the file of an experiment. An object gets a file below the reports, which is written when the object is run. */
const fileOf = (experiment: string | Experiment, reports: string): Source =>
  typeof experiment === 'string'
    ? { file: resolve(experiment) }
    : fileOfObject(experiment, { folder: resolve(reports, 'experiments'), from: process.cwd() });

/**
 * Returns the plan of an experiment: a file, or an object with the same keys. `overrides` are as for `chaos run --set`:
 * "phases.baseline=10s". Reads files, runs `chaos.config.ts` of the project, asks `docker compose config` for the
 * topology, and changes nothing. Throws an error with every mistake, each with its place in the file, or with its path in
 * the object. Throws CHAOS_CONFIG, and CHAOS_COMPOSE_MISSING without Compose.
 */
export async function readPlan(
  experiment: string | Experiment,
  overrides: readonly string[] = [],
  env: Env = process.env,
): Promise<Plan> {
  return planOf(fileOf(experiment, reportsDir(root, env)), overrides, env);
}

async function planOf(source: Source, overrides: readonly string[], env: Env): Promise<Plan> {
  const known = await cataloguesFor(composeFilesOf(source), process.cwd());
  const { plan, problems } = readExperiment({ ...source, overrides, ...known, env, compose });
  const [first] = problems;
  if (first !== undefined) throw new BadExperiment(problems, first, renderProblems(problems, process.cwd()));
  if (plan === undefined) throw composeMissing();
  return plan;
}

export interface OpenOptions extends SessionOptions {
  /** Where the runs' folders go. Default: CHAOS_REPORTS, or reports/ in the working folder (in a checkout: beside this file). */
  readonly reports?: string;
  readonly env?: Env;
  /** Receives messages for a person, one line at a time. Default: nobody receives them. */
  readonly say?: (line: string) => void;
}

/**
 * Takes the topology of a plan for any number of runs: see `openSession` in harness/session/open-session.ts. In short:
 * a guardian, a process of its own, puts everything back when this process dies. When this process hangs for ten
 * seconds with faults in force, the guardian kills it first. No signal handler is installed here, and this process is
 * never ended from within.
 *
 *     await using session = await openSession(plan.topology);
 *     const document = await session.run(plan);
 */
export async function openSession(topology: Plan['topology'], options: OpenOptions = {}): Promise<Session> {
  const { reports, env = process.env, say = () => undefined, ...rest } = options;
  const parts = sessionParts({
    root,
    env,
    command: 'openSession',
    reports: reports === undefined ? undefined : resolve(reports),
    say,
    known: await cataloguesFor(topology.files, process.cwd()),
  });
  return open(topology, parts, rest);
}

export interface ExperimentOptions extends OpenOptions {
  /** The session that carries out the run. Default: a session of its own, which is closed afterwards. */
  readonly session?: Session;
  /** As for `chaos run --set`: "phases.baseline=10s". */
  readonly set?: readonly string[];
  readonly subscribers?: readonly Subscriber[];
  /** When it is aborted, the session is closed: the run is ABORTED, and everything is put back. */
  readonly signal?: AbortSignal;
}

/**
 * Runs an experiment: a file, or an object with the same keys. Resolves with the run's document when the verdict is PASS.
 * Every other verdict is an error of its own class: `HypothesisFailed`, `Inconclusive`, `NotRestored`, `NotReady`,
 * `Aborted`, `Interrupted`, `HarnessFailed`, all with the run's `document`. Throws as `readPlan` and `openSession` do
 * before anything was started.
 */
export async function runExperiment(
  experiment: string | Experiment,
  options: ExperimentOptions = {},
): Promise<RunDocument> {
  const { session: given, set = [], subscribers = [], signal, ...opening } = options;
  const { env = process.env, reports = reportsDir(root, env) } = opening;
  const source = fileOf(experiment, reports);
  const plan = await planOf(source, set, env);
  signal?.throwIfAborted();
  if ('text' in source) {
    mkdirSync(dirname(source.file), { recursive: true });
    writeWhole(source.file, source.text);
  }
  const session = given ?? (await openSession(plan.topology, { bringUp: 'in the first run', ...opening }));
  const abort = (): void => void session.close();
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    const document = await session.run(plan, { subscribers });
    const error = errorOf(document);
    if (error !== undefined) throw error;
    return document;
  } finally {
    signal?.removeEventListener('abort', abort);
    if (given === undefined) await session.close();
  }
}

/** Reads a recorded run from its folder and judges it again, with the checks of `chaos.config.ts` in the working folder. */
export const readRecord = async (dir: string): Promise<JudgedRun> =>
  judgeFolder(resolve(dir), await cataloguesFor([], process.cwd()));
