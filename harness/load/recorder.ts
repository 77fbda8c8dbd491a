import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workload } from '../core/load/load.ts';
import { samplesSchema } from '../core/load/samples.ts';
import type { Batch } from './ledger.ts';

/** Appends batches to the run's samples/ folder, in order. */
export interface Recorder extends AsyncDisposable {
  /** Resolves when the operating system has the batch, which then survives the death of this process. */
  append(batch: Batch): Promise<void>;
}

/** Writes schema.json, and opens requests.bin and writes.ndjson for appending, in the folder `dir`. */
export async function openRecorder(dir: string, workload: Workload): Promise<Recorder> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'schema.json'), `${JSON.stringify(samplesSchema(workload), undefined, 2)}\n`);
  const requests = await open(join(dir, 'requests.bin'), 'a');
  const writes = await open(join(dir, 'writes.ndjson'), 'a');
  let last = Promise.resolve();
  const write = async ({ block, writes: lines }: Batch): Promise<void> => {
    if (block !== undefined) await requests.appendFile(block);
    if (lines !== undefined) await writes.appendFile(lines);
  };
  return {
    append(batch) {
      last = last.then(() => write(batch));
      return last;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await requests.close();
      await writes.close();
    },
  };
}
