import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Explained, explainer } from '../helpers/wedsync/explain.ts';
import { type SeededServer, seededServer } from '../helpers/wedsync/server.ts';
import { statementsOfAudit, statementsOfJobs, statementsOfRequests } from '../helpers/wedsync/statements.ts';

/** PostgreSQL makes five plans for given values before it may choose one for all values. */
const TIMES = 8;
/** The most pages that one request may touch. Those that a job or an audit reads many rows of are not held to it. */
const MOST_PAGES = 100;
/** To count the jobs that are owed, all of them are read: with a backlog, ten thousand jobs in a few milliseconds. */
const COUNTS = 'worker: pending';

describe('the plans of every statement, on a real Postgres with a season of rows', function () {
  this.timeout(240_000);
  let server: SeededServer;
  const explained = new Map<string, Explained[]>();

  before(async () => {
    server = await seededServer({ factor: 1, rows: 20_000 });
    const explain = await explainer(server.client);
    for (let i = 1; i <= TIMES; i += 1) {
      const statements = [...(await statementsOfRequests(i)), ...(await statementsOfJobs(i)), ...statementsOfAudit(i)];
      for (const statement of statements) {
        const found = explained.get(statement.by) ?? [];
        explained.set(statement.by, [...found, await explain(statement)]);
      }
    }
    for (const [by, [...times]] of explained) {
      const { pages, ms, indexes } = times.at(-1)!;
      process.stderr.write(`      ${by}: ${pages} pages, ${ms.toFixed(2)} ms, by ${indexes.join(', ')}\n`);
    }
  });
  after(() => server[Symbol.asyncDispose]());

  it('read no table whole', () => {
    for (const [by, times] of explained)
      if (by !== COUNTS) for (const { sequential } of times) expect(sequential, by).to.deep.equal([]);
  });

  it('touch few pages for a request', () => {
    const requests = [...explained].filter(([by]) => /^[A-Z]+ /.test(by));
    expect(requests).to.have.lengthOf.at.least(15);
    // The first time, PostgreSQL reads its catalogue and compiles the function.
    for (const [by, [, ...times]] of requests)
      for (const { pages } of times) expect(pages, by).to.be.lessThan(MOST_PAGES);
  });

  it('use every index that keeps no promise of its own', async () => {
    await server.client.query('select pg_stat_force_next_flush()');
    const { rows } = await server.client.query<{ name: string }>(`
      select s.indexrelname as name from pg_stat_user_indexes s join pg_index i using (indexrelid)
      where s.idx_scan = 0 and not i.indisunique`);
    expect(rows.map(({ name }) => name)).to.deep.equal([]);
  });
});
