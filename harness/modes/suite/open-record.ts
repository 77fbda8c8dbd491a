import { mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { onDisk } from '../../core/disk-error.ts';
import { ChaosError } from '../../core/errors.ts';
import { longestMs } from '../../core/plan/plan.ts';
import type { PlannedEntry } from '../../core/suite/events.ts';
import type { Suite, SuiteEntry } from '../../core/suite/suite.ts';
import { writeWhole } from '../../disk/whole.ts';
import { type NewFolder, writeHeader } from '../../record/folders.ts';
import { suiteDigest } from './digest.ts';
import { SuiteRecord } from './suite-record.ts';

/** Begins the record of a suite in its folder, which is made. What was generated for the suite is written there too. */
export function beginSuite(suite: Suite, { run, dir }: NewFolder, clock: Pick<Clock, 'now'>): SuiteRecord {
  makeFolder(dir);
  for (const { plan, text } of suite.entries) {
    if (text === undefined) continue;
    makeFolder(dirname(plan.file));
    writeWhole(plan.file, text);
  }
  const record = new SuiteRecord(dir, clock);
  record.add({
    kind: 'suite.started',
    suite: run,
    file: suite.file,
    title: suite.title,
    seed: suite.seed,
    budget_ms: suite.budgetMs ?? null,
    digest: suiteDigest(suite),
    entries: suite.entries.map((entry) => plannedEntry(entry, dir, suite.file)),
  });
  sayAtWork(record);
  return record;
}

const makeFolder = (dir: string): void => onDisk(dir, () => void mkdirSync(dir, { recursive: true }));

const plannedEntry = ({ key, plan, expect, fills, due }: SuiteEntry, dir: string, file: string): PlannedEntry => ({
  key,
  experiment: plan.name,
  title: plan.title,
  tags: plan.tags,
  longest_ms: longestMs(plan),
  control: expect !== undefined,
  // From the suite's folder, so that the folder may be moved together with what was generated for it.
  ...(due === undefined ? {} : { due: { file: relative(dirname(file), plan.file), actions: due } }),
  ...(fills === undefined ? {} : { gap: { file: relative(dir, plan.file), fills } }),
});

/**
 * Goes on with the record of a suite that was ended early. Throws CHAOS_SUITE_CHANGED when the experiments or their settings
 * are no longer the same: the results so far would be about something else.
 */
export function resumeSuite(suite: Suite, dir: string, clock: Pick<Clock, 'now'>): SuiteRecord {
  const record = new SuiteRecord(dir, clock);
  if (record.state.started.digest !== suiteDigest(suite)) {
    record[Symbol.dispose]();
    throw new ChaosError('CHAOS_SUITE_CHANGED', {
      what: `the experiments of ${suite.file}, or their settings, have changed since ${record.state.started.suite} began`,
      hint: 'Begin anew: leave --resume out.',
      exit: 'bad-input',
    });
  }
  record.add({ kind: 'suite.resumed' });
  sayAtWork(record);
  return record;
}

const sayAtWork = ({ dir, state: { started } }: SuiteRecord): void =>
  writeHeader({ run: started.suite, dir }, 'suite', { title: started.title, started: started.t });
