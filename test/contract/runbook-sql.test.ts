import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { scan } from '../../harness/kit/runbook/script.ts';
import { readRunbook } from '../../harness/plan/index.ts';
import { series } from '../../harness/series/index.ts';
import { ROOT } from '../helpers/chaos.ts';
import { type Embedded, embeddedWedsync } from '../helpers/wedsync/embedded.ts';

const FOLDER = join(ROOT, 'runbooks');

/** The statements that a script gives to psql: what follows an option that ends with "c". */
function statementsIn(script: string): string[] {
  const { tokens, inner } = scan(script);
  const words = tokens.filter(({ kind }) => kind === 'word');
  const own = words.flatMap(({ text }, i) =>
    /^-[A-Za-z]*c$/.test(text) && words.slice(0, i).some((word) => word.text === 'psql')
      ? (words[i + 1]?.literal ?? [])
      : [],
  );
  return [...own, ...inner.flatMap(statementsIn)];
}

const asked = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .flatMap((file) => {
    const { runbook } = readRunbook(join(FOLDER, file), series);
    const conditions = (runbook?.healthy ?? []).map(({ of = '' }) => of.replace(/^[\w.-]+:\s+/, ''));
    const scripts = [...(runbook?.commands ?? []).map(({ run }) => run), ...conditions];
    return scripts.flatMap(statementsIn).map((sql) => ({ file, sql }));
  });

/** Only a server that has or is a standby can answer these. */
const NEEDS_REPLICATION = /pg_last_wal_|pg_last_xact_replay/;

/** The name of `force_parallel_mode` since PostgreSQL 16: the embedded server is younger than the topology's. */
const RENAMED = 'debug_parallel_query';

describe('the SQL of the shipped runbooks', function () {
  this.timeout(60_000);
  let postgres: Embedded;

  before(async () => {
    postgres = await embeddedWedsync();
  });
  after(async () => {
    await postgres[Symbol.asyncDispose]();
  });

  it('is found', () => {
    expect(asked.length).to.be.greaterThan(15);
  });

  for (const { file, sql } of asked.filter((one) => !NEEDS_REPLICATION.test(one.sql)))
    it(`${file}: a real Postgres with the app's schema understands ${sql.slice(0, 60)}`, async () => {
      await postgres.exec(sql.replace('force_parallel_mode', RENAMED));
    });
});
