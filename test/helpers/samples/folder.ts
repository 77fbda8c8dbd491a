import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Workload } from '../../../harness/core/load/load.ts';
import { type RequestRow, SampleColumns, samplesSchema } from '../../../harness/core/load/samples.ts';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'run-'));

/** One block of samples/requests.bin. */
export function encodeBlock(rows: readonly RequestRow[]): Uint8Array {
  const columns = new SampleColumns();
  for (const row of rows) columns.add(row);
  return columns.takeBlock();
}

/** Writes requests into samples/ as the load writes them. */
export function writeSamples(dir: string, workload: Workload, rows: readonly RequestRow[]): void {
  mkdirSync(join(dir, 'samples'), { recursive: true });
  writeFileSync(join(dir, 'samples', 'schema.json'), JSON.stringify(samplesSchema(workload)));
  writeFileSync(join(dir, 'samples', 'requests.bin'), encodeBlock(rows));
}

export const writeEvents = (dir: string, events: readonly RunEvent[]): void =>
  writeFileSync(join(dir, 'events.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
