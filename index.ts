import { resolve } from 'node:path';
import { BadExperiment } from './harness/commands/common/bad-experiment.ts';
import type { Plan } from './harness/core/plan/plan.ts';
import type { JudgedRun } from './harness/core/record/run.ts';
import { judgeFolder } from './harness/judge/folder.ts';
import { catalogue, compose, sessionParts } from './harness/main.ts';
import { composeMissing, readExperiment, renderProblems } from './harness/plan/index.ts';
import { openSession as open } from './harness/session/open-session.ts';
import type { Session, SessionOptions } from './harness/session/session.ts';

export { defineCheck } from './harness/core/kinds/check.ts';
export { defineFault } from './harness/core/kinds/fault.ts';
export { defineSeries } from './harness/core/kinds/series.ts';
export type { Plan } from './harness/core/plan/plan.ts';
export type { JudgedRun, RunDocument, Subscriber } from './harness/core/record/run.ts';
export type { Session, SessionOptions, SessionRunOptions } from './harness/session/session.ts';

const root = import.meta.dirname;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Returns the plan of an experiment file. `overrides` are as for `chaos run --set`: "phases.baseline=10s". Reads files,
 * asks `docker compose config` for the topology, and changes nothing. Throws an error with every mistake in the file,
 * each with its place. Throws CHAOS_COMPOSE_MISSING without Compose.
 */
export function readPlan(file: string, overrides: readonly string[] = [], env: Env = process.env): Plan {
  const { plan, problems } = readExperiment({ file: resolve(file), overrides, ...catalogue, env, compose });
  const [first] = problems;
  if (first !== undefined) throw new BadExperiment(problems, first, renderProblems(problems, process.cwd()));
  if (plan === undefined) throw composeMissing();
  return plan;
}

export interface OpenOptions extends SessionOptions {
  /** Where the runs' folders go. Default: CHAOS_REPORTS, or reports/ beside this file. */
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
export function openSession(topology: Plan['topology'], options: OpenOptions = {}): Promise<Session> {
  const { reports, env = process.env, say = () => undefined, ...rest } = options;
  const parts = sessionParts({
    root,
    env,
    command: 'openSession',
    reports: reports === undefined ? undefined : resolve(reports),
    say,
  });
  return open(topology, parts, rest);
}

/** Reads a recorded run from its folder and judges it again. */
export const readRecord = (dir: string): JudgedRun => judgeFolder(resolve(dir), catalogue);
