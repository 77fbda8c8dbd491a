import { Client } from 'pg';
import type { Row } from '../../core/topology/control.ts';
import { withDeadline } from '../../core/deadline.ts';
import { ChaosError } from '../../core/errors.ts';
import { type Log, logged, silent } from '../../core/log.ts';

/** Milliseconds that a reset of the data or a query about writes may take. */
export const DATA_MS = 30_000;
/** Milliseconds that one try to connect may take. */
const CONNECT_MS = 2_000;
/** How `pg` says that a try to connect took longer than that. */
const SILENCE = 'timeout expired';
/** Characters of a statement that the log shows at most. */
const SHOWN = 120;

/**
 * Sends SQL to the current primary, at the address that the router publishes. Each call makes its own connection, so a
 * failover never leaves a stale connection.
 */
export class PostgresControl {
  readonly #url: string;
  readonly #log: Log;

  constructor(url: string, log: Log = silent) {
    this.#url = url;
    this.#log = log;
  }

  /**
   * Returns the rows of a query; for several statements without parameters, the rows of the last statement. Throws
   * CHAOS_DATABASE when the server does not answer in time, or refuses the query.
   */
  query(sql: string, params: readonly unknown[] = [], deadlineMs = 10_000): Promise<readonly Row[]> {
    const what = sql.replaceAll(/\s+/g, ' ').slice(0, SHOWN);
    return logged(this.#log, { to: 'postgres', what, level: 'debug' }, this.#query(sql, params, deadlineMs));
  }

  async #query(sql: string, params: readonly unknown[], deadlineMs: number): Promise<readonly Row[]> {
    try {
      await using connected = await this.#connected(deadlineMs);
      // For several statements, pg returns a list. Its types do not say so.
      const results = [await connected.client.query<Row>(sql, [...params])].flat();
      return results.at(-1)?.rows ?? [];
    } catch (cause) {
      throw new ChaosError('CHAOS_DATABASE', {
        what: 'PostgreSQL did not carry out a query',
        hint: 'The cause says why. `chaos status` says whether the topology is healthy.',
        exit: 'not-ready',
        cause,
      });
    }
  }

  /**
   * Connects, and tries again within the deadline when the server is silent: a host that stands still for two seconds
   * lets a try run out, whatever the server does. Nothing has been sent yet, so another try is harmless. An answer that
   * is an error is final.
   */
  async #connected(deadlineMs: number): Promise<{ readonly client: Client } & AsyncDisposable> {
    const until = performance.now() + deadlineMs;
    for (;;) {
      const client = new Client({
        connectionString: this.#url,
        connectionTimeoutMillis: CONNECT_MS,
        query_timeout: deadlineMs,
        statement_timeout: deadlineMs,
        application_name: 'chaos',
      });
      const close = (): Promise<void> =>
        withDeadline('closing the connection', 1_000, client.end()).catch(() => undefined);
      // Without a listener, a connection that dies while idle would end the process. The query itself reports the
      // error.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return { client, [Symbol.asyncDispose]: close };
      } catch (error) {
        await close();
        const silent = error instanceof Error && error.message === SILENCE;
        if (!silent || performance.now() >= until) throw error;
      }
    }
  }

  /** Returns the address of the node that accepts writes, undefined when the router leads to a standby. */
  async primaryAddress(): Promise<string | undefined> {
    const rows = await this.query(
      'select host(inet_server_addr()) as address, pg_is_in_recovery() as standby',
      [],
      2_000,
    );
    return rows[0]?.['standby'] === false ? String(rows[0]['address']) : undefined;
  }

  /** Returns how many standbys replicate synchronously. With none, an acknowledged write is on one node only. */
  async synchronousStandbys(): Promise<number> {
    const rows = await this.query(
      "select count(*)::int as n from pg_stat_replication where sync_state in ('sync', 'quorum')",
      [],
      2_000,
    );
    return Number(rows[0]?.['n'] ?? 0);
  }
}
