import { ChaosError } from '../core/errors.ts';
import { type Redact, redactDeep } from '../core/text/redact.ts';
import type { JudgedRun, ResultStore, RunSummary } from '../core/record/run.ts';
import { rowsOf, TABLES, type TableName } from './rows.ts';
import type { Sql, Statements } from './sql.ts';

/** Returns JSON that both databases accept: Postgres takes neither U+0000 nor half a surrogate pair as jsonb. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) => (typeof v === 'string' ? v.replaceAll('\0', '').toWellFormed() : v));

/** The store on a Postgres or on SQLite. Calls wait for each other, because they share one connection and its transaction. */
export class SqlResultStore implements ResultStore {
  readonly #sql: Sql;
  readonly #redact: Redact;
  #last: Promise<unknown> = Promise.resolve();

  /** `sql`: a connection to a database whose tables are up to date. The store closes it. */
  constructor(sql: Sql, redact: Redact) {
    this.#sql = sql;
    this.#redact = redact;
  }

  save(judged: JudgedRun): Promise<void> {
    const { document } = judged;
    const { takeKey } = this.#sql.dialect;
    return this.#inTurn(`saving run ${document.run}`, () =>
      this.#sql.transaction(async (sql) => {
        const { run, title, verdict, started, ended, dir } = document;
        // Two processes may save the same run: without the lock both delete it, and the second insert meets the first's
        // row.
        if (takeKey !== undefined) await sql.query(takeKey, [run]);
        await sql.query('DELETE FROM runs WHERE run = $1', [run]);
        await this.#insert(sql, 'runs', [this.#redacted({ run, title, verdict, started, ended, dir, document })]);
        const rows = rowsOf(judged);
        for (const table of TABLES) {
          const full = rows[table].map((row) => this.#redacted({ ...row, run_id: run }));
          await this.#insert(sql, table, full);
        }
      }),
    );
  }

  /** Resolves to all runs, the oldest first. */
  runs(): Promise<readonly RunSummary[]> {
    return this.#inTurn('reading the runs', async () => {
      const rows = await this.#sql.query('SELECT run, title, verdict, started, dir FROM runs ORDER BY started, run');
      return rows.map(
        (row) =>
          ({ ...row, started: new Date(row['started'] as Date | string).toISOString() }) as unknown as RunSummary,
      );
    });
  }

  remove(runs: readonly string[]): Promise<void> {
    // Their rows in the other tables go with them.
    const gone = `DELETE FROM runs WHERE run IN (${this.#sql.dialect.texts})`;
    return this.#inTurn('removing runs', () =>
      this.#sql.transaction(async (sql) => void (await sql.query(gone, [toJson(runs)]))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#sql[Symbol.asyncDispose]();
  }

  /** Inserts all rows in one statement. A column that the first row does not have gets its default. */
  async #insert(sql: Statements, table: TableName | 'runs', rows: readonly object[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    if (columns.length === 0) return;
    await sql.query(this.#sql.dialect.insert(table, columns), [toJson(rows)]);
  }

  #redacted<T>(value: T): T {
    return redactDeep(value, this.#redact);
  }

  /** Runs `work` after all earlier calls. Throws CHAOS_STORE_FAILED with the database's error as its cause, or
   * CHAOS_STORE_BUSY. */
  #inTurn<T>(what: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(work);
    this.#last = turn;
    return turn.catch((cause: unknown) => {
      if (cause instanceof ChaosError) throw cause;
      throw new ChaosError('CHAOS_STORE_FAILED', {
        what: `${what} in the results database failed`,
        hint: "The run's folder is complete. Repair the database, then run `chaos report <run>`.",
        exit: 'not-ready',
        cause,
      });
    });
  }
}
