import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { Verdict } from '../../../harness/core/verdict.ts';
import { digestedPlan, IMAGES } from './covered.ts';
import { sampleEnvironment } from './plan.ts';

interface WrittenRun {
  readonly run: string;
  /** Undefined: the run has not ended. */
  readonly verdict: Verdict | undefined;
  readonly started?: Date;
  readonly plan?: Plan;
  readonly images?: Readonly<Record<string, string>>;
  /** More keys of run.json. */
  readonly more?: object;
}

/** Writes the run.json of a run that took 190 seconds. Returns its folder. */
export function writeCoveredRun(reports: string, written: WrittenRun): string {
  const { run, verdict, started = new Date('2026-11-24T03:00:00Z'), images = IMAGES, more = {} } = written;
  const plan = written.plan ?? digestedPlan();
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const ended = new Date(started.getTime() + 190_000).toISOString();
  const header = { schema_version: 1, run, title: plan.title, started: started.toISOString() };
  const environment = { ...sampleEnvironment, images };
  const rest = { dir, experiment: plan.name, seed: plan.seed, ended, checks: [], faults: [], invalid: [], environment };
  const file = verdict === undefined ? { ...header, state: 'running' } : { ...header, verdict, ...rest, ...more, plan };
  writeFileSync(join(dir, 'run.json'), `${JSON.stringify(file, null, 2)}\n`);
  return dir;
}
