export type SqlRow = Readonly<Record<string, unknown>>;

/** One connection to a Postgres, embedded or not. */
export interface Sql extends AsyncDisposable {
  /** Runs one statement with parameters `$1`, `$2`, …. Resolves to its rows. */
  query(text: string, params?: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** Runs any number of statements, without parameters. */
  script(text: string): Promise<void>;
}

/** Runs `work` in a transaction, which is rolled back when `work` fails. */
export async function inTransaction<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  await sql.query('BEGIN');
  try {
    const result = await work();
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    // The rollback fails when the connection is gone. The first error is the reason to report.
    await sql.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
