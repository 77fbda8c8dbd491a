import { openEmbedded } from '../../harness/store/embedded.ts';
import { migrate } from '../../harness/store/migrate.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import { sampleRun, type SampleOptions } from './samples/run.ts';

// Saves runs into an embedded results database, one after the other, and says each: `node saving.ts DIR OPTIONS`. A test
// kills this process in the middle.
const [dir = '', options = '[]'] = process.argv.slice(2);
const sql = await openEmbedded(dir);
await migrate(sql);
await using store = new SqlResultStore(sql, (text) => text);
for (const of of JSON.parse(options) as readonly SampleOptions[]) {
  const run = sampleRun(of);
  await store.save(run);
  process.stdout.write(`${run.document.run}\n`);
}
