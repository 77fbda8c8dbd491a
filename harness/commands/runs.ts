import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { RunSummary } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { RUN_FILE } from '../engine/finish.ts';
import { isAlive, type ProcessId } from '../engine/process-id.ts';

interface RunFile {
  readonly run: string;
  readonly title: string;
  readonly started: string;
  readonly verdict?: Verdict;
  readonly runner?: ProcessId;
}

/** Every run below a folder of reports, oldest first. A run that died without a word is INTERRUPTED. */
export function listRuns(reports: string): RunSummary[] {
  if (!existsSync(reports)) return [];
  return readdirSync(reports)
    .map((name) => join(reports, name))
    .filter((dir) => existsSync(join(dir, RUN_FILE)))
    .sort()
    .map((dir) => {
      const { run, title, started, verdict, runner } = JSON.parse(readFileSync(join(dir, RUN_FILE), 'utf8')) as RunFile;
      const alive = runner !== undefined && isAlive(runner);
      return { run, title, verdict: verdict ?? (alive ? 'RUNNING' : 'INTERRUPTED'), started, dir };
    });
}

/** The folder of a run: given as a path, a run's name or the end of one, or `latest`. */
export function folderOf(run: string, reports: string): string {
  if (existsSync(join(run, RUN_FILE))) return run;
  const runs = listRuns(reports);
  const found = run === 'latest' ? runs.at(-1) : runs.findLast((r) => basename(r.dir) === run || r.run.endsWith(run));
  if (found !== undefined) return found.dir;
  throw new ChaosError('CHAOS_NO_RUN', {
    what: `there is no run "${run}" in ${reports}`,
    hint: '`chaos list` prints the runs; `latest` is the last one.',
    exit: 'bad-input',
  });
}
