import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iso } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Fault } from '../core/kinds/fault.ts';
import type { RunDocument } from '../core/record/run.ts';
import type { SlaRun } from '../core/sla/book-runs.ts';
import { objectiveIn } from '../core/sla/burn.ts';
import { slaOf } from '../core/sla/run-sla.ts';
import { foldersBelow, RUN_FILE, type Unreadable } from './folders.ts';
import { readHistory } from './read.ts';

/** What run.json holds. A run that has not ended has only some of it. */
type RunFile = Partial<RunDocument>;

interface SlaRuns {
  /** The folder that holds the runs. */
  readonly reports: string;
  readonly faults: readonly Fault[];
  /** Epoch milliseconds: runs that started at this time or later. */
  readonly since?: number | undefined;
  /** Only runs of this experiment. */
  readonly experiment?: string | undefined;
  readonly passOver: (folder: Unreadable) => void;
}

/**
 * Returns what every run below `reports` counted, oldest first. A run.json of an earlier version does not say it, and
 * neither does that of a run which is at work or was killed: then the samples of the run are counted.
 */
export function readSlaRuns({ reports, faults, since = -Infinity, experiment, passOver }: SlaRuns): SlaRun[] {
  const runs = foldersBelow(reports).flatMap(({ kind, dir }): SlaRun[] => {
    if (kind !== 'experiment' || !existsSync(join(dir, RUN_FILE))) return [];
    try {
      const file = JSON.parse(readFileSync(join(dir, RUN_FILE), 'utf8')) as RunFile;
      if (Date.parse(file.started ?? '') < since) return [];
      if (experiment !== undefined && (file.experiment ?? experiment) !== experiment) return [];
      const run = file.sla === undefined ? counted(dir, file, faults) : said(file);
      return experiment === undefined || run.experiment === experiment ? [run] : [];
    } catch (error) {
      passOver({ dir, message: `the run cannot be counted: ${describeError(error)}` });
      return [];
    }
  });
  return runs.toSorted((a, b) => (a.started < b.started ? -1 : 1));
}

const said = ({ run = '', experiment = '', started = '', ended = started, sla }: RunFile): SlaRun => ({
  run,
  experiment,
  started,
  ended,
  sla,
  ...(sla === undefined ? {} : { objective: objectiveIn(sla) }),
});

function counted(dir: string, file: RunFile, faults: readonly Fault[]): SlaRun {
  const { run = '', started = '' } = file;
  // A run that never reached a verdict for want of a system has no samples, and its record may be short.
  if (file.verdict === 'NOT READY') return { ...said(file), sla: undefined };
  const history = readHistory(dir, faults);
  const ended = file.ended ?? iso(history.events.at(-1)?.t ?? Date.parse(started));
  return { run, experiment: history.plan.name, started, ended, sla: slaOf(history) };
}
