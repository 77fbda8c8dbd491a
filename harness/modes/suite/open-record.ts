import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import { longestMs } from '../../core/plan/plan.ts';
import type { Suite } from '../../core/suite/suite.ts';
import { processId } from '../../disk/process-id.ts';
import { writeWhole } from '../../disk/whole.ts';
import { newFolder, SUITE_FILE } from '../../record/folders.ts';
import { suiteDigest } from './digest.ts';
import { SuiteRecord } from './suite-record.ts';

/** Begins the record of a suite in a new folder. */
export function beginSuite(suite: Suite, reports: string, clock: Pick<Clock, 'now'>): SuiteRecord {
  const { run, dir } = newFolder(reports, `suite-${suite.name}`);
  const record = new SuiteRecord(dir, clock);
  record.add({
    kind: 'suite.started',
    suite: run,
    file: suite.file,
    title: suite.title,
    seed: suite.seed,
    budget_ms: suite.budgetMs ?? null,
    digest: suiteDigest(suite),
    entries: suite.entries.map(({ key, plan, expect }) => ({
      key,
      experiment: plan.name,
      title: plan.title,
      tags: plan.tags,
      longest_ms: longestMs(plan),
      control: expect !== undefined,
    })),
  });
  writeHeader(record);
  return record;
}

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
  writeHeader(record);
  return record;
}

/** Says that the suite is at work, for `chaos list`. */
function writeHeader({ dir, state: { started } }: SuiteRecord): void {
  const { suite: run, title } = started;
  const header = {
    schema_version: 1,
    state: 'running',
    run,
    title,
    started: new Date(started.t).toISOString(),
    runner: processId(process.pid),
  };
  writeWhole(join(dir, SUITE_FILE), `${JSON.stringify(header)}\n`);
}
