import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { figuresOf } from '../../../harness/core/record/summary.ts';
import type { TrendRun } from '../../../harness/core/trend/trend.ts';
import { RUN_FILE } from '../../../harness/record/folders.ts';
import { sampleEnvironment } from './plan.ts';

const FIRST = Date.UTC(2026, 8, 1, 2, 0);
const DAY_MS = 86_400_000;

export interface SampleNight {
  readonly experiment?: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly verdict?: RunDocument['verdict'];
  /** The p95 of the fault phase, milliseconds. */
  readonly p95: number;
  /** The plan in run.json. Default: only tags. */
  readonly plan?: Plan;
  /** Keys that replace those of the document. */
  readonly over?: Partial<RunDocument>;
}

/** The name of the run of a night, from 0: one run at two o'clock on each day from 1 September 2026 on. */
export const nightOf = (night: number, experiment = 'redis-loss'): string =>
  `${new Date(FIRST + night * DAY_MS).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${experiment}-${night.toString(16).padStart(4, '0')}`;

/** Returns the document of the run of a night, with one check that has a figure, one that has none, and one series. */
export function nightDocument(dir: string, run: string, night: number, given: SampleNight): RunDocument {
  const { experiment = 'redis-loss', title = 'Losing Redis', verdict = 'PASS', p95, over } = given;
  const started = FIRST + night * DAY_MS;
  return {
    schema_version: 1,
    verdict,
    exit_code: 0,
    restored: true,
    run,
    dir,
    title,
    experiment,
    seed: 42,
    started: new Date(started).toISOString(),
    ended: new Date(started + 240_000).toISOString(),
    phases: [],
    checks: [
      {
        name: 'latency p95',
        verdict: 'PASS',
        expected: 'p95 < 200 ms',
        observed: `${p95} ms`,
        samples: 9_000,
        during: ['fault'],
        figure: { value: p95, unit: 'duration', worse: 'more' },
      },
      { name: 'scaling of app', verdict: 'PASS', expected: '', observed: '', samples: 1, during: [] },
    ],
    series: [{ name: 'throughput', during: 'fault', unit: 'per second', mean: 278 }],
    faults: [],
    residue: [],
    found: [],
    invalid: [],
    environment: sampleEnvironment,
    overhead_s: 3,
    ...over,
  };
}

/** Returns the run of a night as trends need it. */
export function nightRun(night: number, given: SampleNight): TrendRun {
  const run = nightOf(night, given.experiment);
  const document = nightDocument(`reports/${run}`, run, night, given);
  const { title, verdict, started, dir } = document;
  return { run, title, verdict, started, dir, figures: figuresOf(document) };
}

/** Writes the run.json of a night below `reports`, and nothing else of the run. Returns its folder. */
export function writeNight(reports: string, night: number, given: SampleNight): string {
  const run = nightOf(night, given.experiment);
  const dir = join(reports, run);
  mkdirSync(dir, { recursive: true });
  const plan = { ...given.plan, tags: given.tags ?? ['nightly'] };
  writeFileSync(join(dir, RUN_FILE), JSON.stringify({ ...nightDocument(dir, run, night, given), plan }, null, 2));
  return dir;
}
