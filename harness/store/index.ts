import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { Redact } from '../core/text/redact.ts';
import type { ResultStore } from '../core/record/run.ts';
import { earlierStore } from './earlier-store.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { SqlResultStore } from './result-store.ts';
import type { Sql } from './sql.ts';
import { assertStoreApart } from './under-test.ts';

/** The embedded database, beside the folders of the runs. */
export const STORE_FILE = '.results.sqlite';

export interface StoreOptions {
  /** The folder that holds the runs' folders. */
  readonly reports: string;
  /** URL of the user's own Postgres. Undefined: the embedded database, in STORE_FILE below `reports`. */
  readonly url: string | undefined;
  /** URL of the database under test. It may not be the store. */
  readonly underTest: string | undefined;
  /** Removes secrets from every text before it is stored. */
  readonly redact: Redact;
  /** Receives a sentence about a database of an earlier version, when a new one takes its place. */
  readonly warn: (message: string) => void;
}

/** Opens the results database and brings its tables up to date. Throws a ChaosError CHAOS_STORE_… when that fails. */
export async function openStore({ reports, url, underTest, redact, warn }: StoreOptions): Promise<ResultStore> {
  if (url !== undefined) assertStoreApart(url, underTest);
  const sql = url === undefined ? await embedded(reports, warn) : await openPostgres(url);
  try {
    await migrate(sql);
  } catch (cause) {
    await sql[Symbol.asyncDispose]();
    throw cause instanceof ChaosError ? cause : notMigrated(cause, url === undefined);
  }
  return new SqlResultStore(sql, redact);
}

function embedded(reports: string, warn: (message: string) => void): Promise<Sql> {
  const file = join(reports, STORE_FILE);
  const earlier = existsSync(file) ? undefined : earlierStore(reports);
  if (earlier !== undefined) warn(earlier);
  return openEmbedded(file);
}

const notMigrated = (cause: unknown, embedded: boolean): ChaosError =>
  new ChaosError('CHAOS_STORE_MIGRATION', {
    what: 'the tables of the results database could not be brought up to date',
    hint: embedded
      ? 'Make room on the disk, and make sure that this user may write to the reports.'
      : 'Give the results a database of their own. Another program has tables of the same names in this one.',
    exit: 'not-ready',
    cause,
  });
