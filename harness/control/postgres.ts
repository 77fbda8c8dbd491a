import { Client } from 'pg';
import { withDeadline } from '../core/deadline.ts';
import { type Log, logged, silent } from '../core/log.ts';

/** Characters of a statement that the log shows. */
const SHOWN = 120;

export type Row = Readonly<Record<string, unknown>>;

/** SQL to whichever node is the primary, by the address that the router publishes. A connection a call: a failover never leaves a stale one. */
export class PostgresControl {
  readonly #url: string;
  readonly #log: Log;

  constructor(url: string, log: Log = silent) {
    this.#url = url;
    this.#log = log;
  }

  /** Of several statements without parameters, the rows of the last. */
  query(sql: string, params: readonly unknown[] = [], deadlineMs = 10_000): Promise<readonly Row[]> {
    const what = sql.replaceAll(/\s+/g, ' ').slice(0, SHOWN);
    return logged(this.#log, { to: 'postgres', what, level: 'debug' }, this.#query(sql, params, deadlineMs));
  }

  async #query(sql: string, params: readonly unknown[], deadlineMs: number): Promise<readonly Row[]> {
    const client = new Client({
      connectionString: this.#url,
      connectionTimeoutMillis: 2_000,
      query_timeout: deadlineMs,
      statement_timeout: deadlineMs,
      application_name: 'chaos',
    });
    // Without a listener a connection that dies while idle would end the process; the query itself reports it.
    client.on('error', () => undefined);
    try {
      await client.connect();
      // Several statements are answered by a list, which the types do not know of.
      const results = [await client.query<Row>(sql, [...params])].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await withDeadline('closing the connection', 1_000, client.end()).catch(() => undefined);
    }
  }

  /** Address of the node that accepts writes, or undefined. */
  async primaryAddress(): Promise<string | undefined> {
    const rows = await this.query(
      'select host(inet_server_addr()) as address, pg_is_in_recovery() as standby',
      [],
      2_000,
    );
    return rows[0]?.['standby'] === false ? String(rows[0]['address']) : undefined;
  }

  /** Standbys that replicate synchronously: without one an acknowledged write stands on one leg. */
  async synchronousStandbys(): Promise<number> {
    const rows = await this.query(
      "select count(*)::int as n from pg_stat_replication where sync_state in ('sync', 'quorum')",
      [],
      2_000,
    );
    return Number(rows[0]?.['n'] ?? 0);
  }
}
