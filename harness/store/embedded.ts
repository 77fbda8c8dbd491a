import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '../core/clock.ts';
import { onDisk } from '../core/disk-error.ts';
import { ChaosError } from '../core/errors.ts';
import { loadSqlite } from './load-sqlite.ts';
import { type Dialect, inTransaction, type Sql, type SqlRow, type Statements } from './sql.ts';

/** Waits this long for another process that writes, milliseconds. A transaction takes some milliseconds. */
const WAIT_MS = 15_000;
const PAUSE_MS = 20;
/** The result code of SQLite when another connection has the lock that is needed. Extended codes have it in their lowest
 * byte. */
const BUSY = 5;

const SQLITE: Dialect = {
  name: 'sqlite',
  takeKey: undefined,
  insert: (table, columns) =>
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((c) => `value ->> '${c}'`).join(', ')} FROM json_each($1)`,
  texts: 'SELECT value FROM json_each($1)',
};

/**
 * Opens the SQLite database in this file, and makes an empty one when there is none. Several processes may have it open:
 * one that writes makes the others wait. Throws CHAOS_STORE_DAMAGED when the file is no database or cannot be opened, and
 * CHAOS_STORE_BUSY when another process writes for longer than `waitMs` milliseconds.
 */
export async function openEmbedded(file: string, waitMs = WAIT_MS, clock: Clock = systemClock): Promise<Sql> {
  onDisk(file, () => mkdirSync(dirname(file), { recursive: true }));
  let db: DatabaseSync | undefined;
  try {
    const { DatabaseSync: Database } = loadSqlite();
    db = new Database(file);
    const sql = new Sqlite(db, file, waitMs, clock);
    // SQLite looks at a file only when it is asked for something in it.
    await sql.query('SELECT count(*) FROM sqlite_schema');
    return sql;
  } catch (cause) {
    if (db?.isOpen === true) db.close();
    if (cause instanceof ChaosError) throw cause;
    throw new ChaosError('CHAOS_STORE_DAMAGED', {
      what: `the embedded results database in ${file} cannot be opened`,
      hint: 'Remove that file, then run `chaos report --all`. It rebuilds the database, and nothing is lost.',
      exit: 'not-ready',
      cause,
    });
  }
}

/** SQLite answers in this thread. A journal of its own kind (WAL) would need memory that processes share, which folders on a
 * network do not give; so it is left as it is made. Each commit is on the disk before it returns. */
class Sqlite implements Sql {
  readonly dialect = SQLITE;
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #waitMs: number;
  readonly #clock: Clock;

  constructor(db: DatabaseSync, file: string, waitMs: number, clock: Clock) {
    this.#db = db;
    this.#file = file;
    this.#waitMs = waitMs;
    this.#clock = clock;
  }

  query(text: string, params: readonly unknown[] = []): Promise<readonly SqlRow[]> {
    const named = Object.fromEntries(params.map((value, i) => [`$${i + 1}`, value as string | number | null]));
    return this.#patiently(() =>
      this.#db
        .prepare(text)
        .all(named)
        .map((row) => ({ ...row })),
    );
  }

  script(text: string): Promise<void> {
    return this.#patiently(() => this.#db.exec(text));
  }

  /** A transaction has the whole file from its beginning, so nothing in it can meet a lock. */
  transaction<T>(work: (sql: Statements) => Promise<T>): Promise<T> {
    return inTransaction(this, work, 'BEGIN EXCLUSIVE');
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }

  /** SQLite could wait by itself, but it would stop this thread. */
  async #patiently<T>(ask: () => T): Promise<T> {
    const until = this.#clock.now() + this.#waitMs;
    for (;;) {
      try {
        return ask();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (this.#clock.now() >= until) throw this.#busy(error);
        await this.#clock.sleep(PAUSE_MS);
      }
    }
  }

  #busy(cause: unknown): ChaosError {
    return new ChaosError('CHAOS_STORE_BUSY', {
      what: `another process has been writing to the results database for ${this.#waitMs / 1_000} s`,
      hint: `Wait until it ends, then run \`chaos report latest\`. The run's folder is complete. The database is ${this.#file}.`,
      exit: 'not-ready',
      cause,
    });
  }
}

const isBusy = (error: unknown): boolean => {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' && (errcode & 0xff) === BUSY;
};
