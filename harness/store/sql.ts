export type SqlRow = Readonly<Record<string, unknown>>;

/** What can be asked of a connection to a Postgres. */
export interface Statements {
  /** Runs one statement with parameters `$1`, `$2`, …. Resolves to its rows. */
  query(text: string, params?: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** Runs any number of statements, without parameters. */
  script(text: string): Promise<void>;
}

/** A Postgres, embedded or not. It uses one connection at a time. */
export interface Sql extends Statements, AsyncDisposable {
  /**
   * Runs `work` in a transaction, which is rolled back when `work` fails. `work` may be called more than once: when the
   * connection is lost, nobody knows whether the transaction was committed.
   */
  transaction<T>(work: (sql: Statements) => Promise<T>): Promise<T>;
}

/** Runs `work` in a transaction on this connection, which is rolled back when `work` fails. */
export async function inTransaction<T>(sql: Statements, work: (sql: Statements) => Promise<T>): Promise<T> {
  await sql.query('BEGIN');
  try {
    const result = await work(sql);
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    // The rollback fails when the connection is gone. The first error is the reason to report.
    await sql.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
