import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { Redact } from '../core/text/redact.ts';
import type { ResultStore } from '../core/record/run.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { SqlResultStore } from './result-store.ts';
import { assertStoreApart } from './under-test.ts';

export interface StoreOptions {
  /** The folder that holds the runs' folders. */
  readonly reports: string;
  /** URL of the user's own Postgres. Undefined: an embedded database, in .results/ beside the runs. */
  readonly url: string | undefined;
  /** URL of the database under test. It may not be the store. */
  readonly underTest: string | undefined;
  /** Removes secrets from every text before it is stored. */
  readonly redact: Redact;
}

/** Opens the results database and brings its tables up to date. Throws a ChaosError CHAOS_STORE_… when that fails. */
export async function openStore({ reports, url, underTest, redact }: StoreOptions): Promise<ResultStore> {
  if (url !== undefined) assertStoreApart(url, underTest);
  const sql = url === undefined ? await openEmbedded(join(reports, '.results')) : await openPostgres(url);
  try {
    await migrate(sql);
  } catch (cause) {
    await sql[Symbol.asyncDispose]();
    throw cause instanceof ChaosError ? cause : notMigrated(cause);
  }
  return new SqlResultStore(sql, redact);
}

const notMigrated = (cause: unknown): ChaosError =>
  new ChaosError('CHAOS_STORE_MIGRATION', {
    what: 'the tables of the results database could not be brought up to date',
    hint: 'Give the results a database of their own. Another program has tables of the same names in this one.',
    exit: 'not-ready',
    cause,
  });
