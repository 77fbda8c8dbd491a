import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, seededRandom } from '../../../harness/core/random.ts';
import { trendOf } from '../../../harness/core/trend/trend.ts';
import { INDEX_FILE, writeIndex } from '../../../harness/main.ts';
import { RUN_FILE } from '../../../harness/record/folders.ts';
import { newestFirst, readSummaries, trendRuns } from '../../../harness/record/summaries.ts';
import { nightValue } from '../../helpers/nights.ts';
import { sampleRun } from '../../helpers/samples/run.ts';
import { nightOf, writeNight } from '../../helpers/samples/history-of-runs.ts';
import { median, row } from '../figures.ts';

const TIMES = 5;
/** So many figures has a run: checks with a number, and means of series. */
const FIGURES = 20;

/** Writes the run.json of so many runs, each with the checks and the plan of a real run. Returns the size of one, bytes. */
function writeRuns(reports: string, runs: number, experiments: number, random: Random): number {
  const { document, history } = sampleRun({ seconds: { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 } });
  const named = (night: number): string => `experiment-${night % experiments}`;
  for (let night = 0; night < runs; night += 1) {
    const checks = document.checks.map((check) => {
      const figure = { value: nightValue(random, 100), unit: 'duration', worse: 'more' } as const;
      return { ...check, figure };
    });
    const series = Array.from({ length: FIGURES - checks.length }, (_, i) => {
      return { name: `series ${i}`, during: 'fault', unit: 'per second', mean: nightValue(random, 278) } as const;
    });
    const { title, phases, faults, environment } = document;
    const over = { title, phases, faults, environment, checks, series };
    writeNight(reports, night, { experiment: named(night), p95: 0, plan: history.plan, over });
  }
  return statSync(join(reports, nightOf(0, named(0)), RUN_FILE)).size;
}

function measured(work: () => unknown): string {
  const times = Array.from({ length: TIMES }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return `${Math.round(median(times))} ms`;
}

/** Returns how long each step takes with so many runs: of ten experiments, and of one. */
export function sizeTable(folder: string, runs: number): string {
  const random = seededRandom(1);
  const columns = [10, 1].map((experiments) => {
    const reports = join(folder, `${experiments}`);
    const bytes = writeRuns(reports, runs, experiments, random);
    const index = measured(() => writeIndex(reports));
    return [
      `${experiments} experiment${experiments === 1 ? '' : 's'}`,
      `${Math.round(bytes / 1_000)} KB`,
      measured(() => {
        rmSync(join(reports, 'summaries.ndjson'), { force: true });
        readSummaries(reports);
      }),
      measured(() => readSummaries(reports)),
      measured(() => newestFirst(readSummaries(reports), {})),
      measured(() => trendOf(trendRuns(readSummaries(reports)))),
      `${index}, ${Math.round(statSync(join(reports, INDEX_FILE)).size / 1_000)} KB`,
    ];
  });
  const steps = [
    `${runs} runs of ${FIGURES} figures, median of ${TIMES}`,
    'size of one `run.json`',
    'summaries, made again from each `run.json`',
    'summaries from their file',
    '`chaos list`',
    '`chaos trend`',
    '`reports/index.html`',
  ];
  const rows = steps.map((step, i) => row(step, ...columns.map((column) => column[i] ?? '')));
  return [rows[0], row('---', '--:', '--:'), ...rows.slice(1)].join('\n');
}
