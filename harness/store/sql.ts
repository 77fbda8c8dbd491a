export type SqlRow = Readonly<Record<string, unknown>>;

/** What can be asked of a connection to a database. */
export interface Statements {
  /** Runs one statement with parameters `$1`, `$2`, …. Resolves to its rows. */
  query(text: string, params?: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** Runs any number of statements, without parameters. */
  script(text: string): Promise<void>;
}

/** A database: a Postgres, or the embedded SQLite. It uses one connection at a time. */
export interface Sql extends Statements, AsyncDisposable {
  readonly dialect: Dialect;
  /**
   * Runs `work` in a transaction, which is rolled back when `work` fails. `work` may be called more than once: when the
   * connection is lost, nobody knows whether the transaction was committed.
   */
  transaction<T>(work: (sql: Statements) => Promise<T>): Promise<T>;
}

/** Where the two databases want other words for the same thing. */
export interface Dialect {
  /** The folder below migrations/ with the tables. */
  readonly name: 'postgres' | 'sqlite';
  /**
   * A statement that waits until no other transaction has the key `$1`. The key is free again when the transaction ends.
   * Undefined where only one transaction at a time can be under way.
   */
  readonly takeKey: string | undefined;
  /** Returns a statement that inserts the objects of the JSON list `$1`, with these keys of them. */
  insert(table: string, columns: readonly string[]): string;
  /** A query that returns the texts in the JSON list `$1`. */
  readonly texts: string;
}

/** Runs `work` in a transaction on this connection, which is rolled back when `work` fails. */
export async function inTransaction<T, S extends Statements>(
  sql: S,
  work: (sql: S) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  await sql.query(begin);
  try {
    const result = await work(sql);
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    // The rollback fails when the connection is gone, or when the database has rolled back by itself. The first error is
    // the reason to report.
    await sql.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
