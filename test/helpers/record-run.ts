import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { JudgedRun } from '../../harness/core/record/run.ts';
import { type RequestRow, samplesSchema } from '../../harness/core/load/samples.ts';
import { encodeBlock } from './samples/folder.ts';
import { EventLog } from '../../harness/record/event-log.ts';
import { RUN_FILE } from '../../harness/record/folders.ts';
import { writeWhole } from '../../harness/disk/whole.ts';
import { samplesDir } from '../../harness/record/read.ts';

/** Writes the folder of a run that is not judged yet, with events, samples and a run.json without a verdict. */
export function recordSample(
  reports: string,
  { history }: JudgedRun,
  redact: (text: string) => string,
  more: readonly RunEvent[] = [],
): string {
  const { requests, run, plan } = history;
  const dir = join(reports, run);
  mkdirSync(samplesDir(dir), { recursive: true });
  writeWhole(
    join(dir, RUN_FILE),
    JSON.stringify({ run, title: redact(plan.title), started: '2026-11-24T04:30:00.000Z' }),
  );
  using log = new EventLog(dir, [], redact);
  [...history.events, ...more].forEach(log.emit);
  const rows = Array.from({ length: requests.length }, (_, i): RequestRow => ({
    planned: requests.planned[i] ?? NaN,
    sent: requests.sent[i] ?? NaN,
    firstByte: requests.firstByte[i] ?? NaN,
    done: requests.done[i] ?? NaN,
    endpoint: requests.endpoint[i] ?? 0,
    scenario: requests.scenario[i] ?? 0,
    outcome: requests.outcome[i] ?? 0,
    status: requests.status[i] ?? 0,
    source: requests.source[i] ?? 0,
  }));
  writeFileSync(join(samplesDir(dir), 'schema.json'), JSON.stringify(samplesSchema(plan.load.workload)));
  writeFileSync(join(samplesDir(dir), 'requests.bin'), encodeBlock(rows));
  return dir;
}
