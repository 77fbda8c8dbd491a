import { openEmbedded } from '../../harness/store/embedded.ts';
import { migrate } from '../../harness/store/migrate.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import type { Sql } from '../../harness/store/sql.ts';
import { sampleRun, type SampleOptions } from './samples/run.ts';

// Saves runs into an embedded results database, one after the other, and says each: `node saving.ts FILE OPTIONS`. Within
// the fourth, with some of its rows written, the process kills itself.
const [file = '', options = '[]'] = process.argv.slice(2);
const sql = await openEmbedded(file);
await migrate(sql);
await using store = new SqlResultStore(killedWithin(sql, { transaction: 4, statement: 4 }), (text) => text);
for (const of of JSON.parse(options) as readonly SampleOptions[]) {
  const run = sampleRun(of);
  await store.save(run);
  process.stdout.write(`${run.document.run}\n`);
}

function killedWithin(sql: Sql, at: { readonly transaction: number; readonly statement: number }): Sql {
  let transactions = 0;
  return {
    dialect: sql.dialect,
    query: (text, params) => sql.query(text, params),
    script: (text) => sql.script(text),
    transaction(work) {
      transactions += 1;
      let statements = 0;
      return sql.transaction((open) =>
        work({
          script: (text) => open.script(text),
          async query(text, params) {
            statements += 1;
            if (transactions === at.transaction && statements === at.statement) process.kill(process.pid, 'SIGKILL');
            return open.query(text, params);
          },
        }),
      );
    },
    [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose](),
  };
}
