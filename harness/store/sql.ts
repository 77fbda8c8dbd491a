export type SqlRow = Readonly<Record<string, unknown>>;

/** One connection to a Postgres, embedded or not: all that the store needs of it. */
export interface Sql extends AsyncDisposable {
  /** One statement with parameters `$1`, `$2`, …; answers its rows. */
  query(text: string, params?: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** Any number of statements, without parameters. */
  script(text: string): Promise<void>;
}

/** Runs `work` in a transaction: all of it or nothing. */
export async function inTransaction<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  await sql.query('BEGIN');
  try {
    const result = await work();
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be gone, and the transaction with it: the reason is the first error.
    await sql.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
