import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { Redact } from '../core/redact.ts';
import type { ResultStore } from '../core/run.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { SqlResultStore } from './result-store.ts';
import { assertStoreApart } from './under-test.ts';

export interface StoreOptions {
  /** The folder of the runs' folders. */
  readonly reports: string;
  /** The user's own Postgres; undefined: embedded, in .results/ beside the runs. */
  readonly url: string | undefined;
  /** URL of the database under test, which is refused as a store. */
  readonly underTest: string | undefined;
  /** Every text that is stored passes through it. */
  readonly redact: Redact;
}

/** Opens the results database and brings its tables up to date. Throws ChaosErrors CHAOS_STORE_…. */
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
    hint: 'Give a database of its own: tables of the same names, with rows of another program, are in the way.',
    exit: 'not-ready',
    cause,
  });
