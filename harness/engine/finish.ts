import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { EventOf } from '../core/events.ts';
import { type Redact, redactDeep } from '../core/redact.ts';
import type { JudgedRun, Reporter, ResultStore, RunDocument } from '../core/run.ts';
import { runDocument } from './document.ts';
import { EventLog } from './event-log.ts';
import { type Catalogue, judge } from './judge.ts';
import { readHistory } from './record.ts';

export const RUN_FILE = 'run.json';

/** Replaces the file in one step: a reader never sees half of it. */
export function writeWhole(dir: string, name: string, text: string): void {
  const path = join(dir, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** Judges a recorded run. Pure but for the reading. */
export function judgeFolder(dir: string, catalogue: Catalogue): JudgedRun {
  const history = readHistory(dir, catalogue.faults);
  return { history, document: runDocument(history, judge(history, catalogue), dir) };
}

/** Judges a run that is over, and ends its record with the verdict: the last event of a run. */
export function closeRecord(
  dir: string,
  catalogue: Catalogue,
  { clock, redact }: { readonly clock: Clock; readonly redact: Redact },
): JudgedRun {
  const open = readHistory(dir, catalogue.faults);
  const judgement = judge(open, catalogue);
  const { verdict, checks, faults } = runDocument(open, judgement, dir);
  const ended: EventOf<'run.ended'> = {
    t: clock.now(),
    kind: 'run.ended',
    verdict,
    checks,
    faults: faults.map(({ id, effective, evidence }) => ({ id, effective, evidence })),
  };
  using log = new EventLog(dir, [], redact);
  log.emit(ended);
  const history = { ...open, events: [...open.events, ended] };
  return { history, document: runDocument(history, judgement, dir) };
}

export interface FinishOptions {
  readonly reporters: readonly Reporter[];
  /** Opened late and closed here; a store that fails costs the run nothing but its place in the index. */
  openStore(): Promise<ResultStore>;
  redact(text: string): string;
  warn(message: string): void;
}

/** Writes all that can be made again from the record: run.json, the reports, the rows in the store. */
export async function writeResults(dir: string, judged: JudgedRun, options: FinishOptions): Promise<RunDocument> {
  const document = redactDeep({ ...judged.document, plan: judged.history.plan }, (text) => options.redact(text));
  writeWhole(dir, RUN_FILE, `${JSON.stringify(document, null, 2)}\n`);
  for (const reporter of options.reporters) {
    try {
      writeWhole(dir, reporter.file, options.redact(reporter.render(judged)));
    } catch (error) {
      options.warn(`${reporter.file} could not be written: ${(error as Error).message}`);
    }
  }
  try {
    await using store = await options.openStore();
    await store.save(judged);
  } catch (error) {
    options.warn(
      `the run is not in the results database (it is rebuilt from the folders): ${(error as Error).message}`,
    );
  }
  return judged.document;
}
