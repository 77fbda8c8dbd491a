import { Pool, type PoolClient } from 'pg';
import { type Clock, systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { redact } from '../core/text/redact.ts';
import { isLost } from './lost.ts';
import { type Dialect, inTransaction, type Sql, type SqlRow, type Statements } from './sql.ts';
import { reachOf, speaksNoTls, tlsFailure, type Way } from './tls.ts';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;
/** A server that restarts has this long to come back, milliseconds. A crash recovery takes some seconds. */
const BACK_MS = 20_000;
const PAUSE_MS = 250;

const POSTGRES: Dialect = {
  name: 'postgres',
  takeKey: 'SELECT pg_advisory_xact_lock(hashtext($1))',
  // Postgres converts each value to its column's type.
  insert: (table, columns) =>
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
  texts: 'SELECT jsonb_array_elements_text($1::jsonb)',
};

/**
 * Connects to the user's own Postgres. Throws CHAOS_STORE_UNREACHABLE when it does not answer, and CHAOS_STORE_TLS when
 * its URL asks for a TLS that it does not have or that cannot be trusted.
 */
export async function openPostgres(url: string, clock: Clock = systemClock): Promise<Sql> {
  const { url: bare, ways } = reachOf(url);
  let refused: unknown;
  for (const way of ways) {
    const pool = poolOf(bare, way);
    try {
      (await pool.connect()).release();
      return new Pooled(pool, clock);
    } catch (error) {
      await pool.end();
      refused = error;
      if (!speaksNoTls(error)) break;
    }
  }
  throw tlsFailure(refused, redact(url)) ?? unreachable(url, refused);
}

const unreachable = (url: string, cause: unknown): ChaosError =>
  new ChaosError('CHAOS_STORE_UNREACHABLE', {
    what: `the results database does not answer at ${redact(url)}`,
    hint: 'Start it or correct its address. Without an address, chaos uses an embedded database beside the reports.',
    exit: 'not-ready',
    cause,
  });

/** One connection is enough, because a store does one thing after the other. The pool replaces it when it is lost. */
function poolOf(connectionString: string, ssl: Way): Pool {
  const pool = new Pool({
    connectionString,
    ssl,
    max: 1,
    application_name: 'chaos',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // Without listeners a lost connection would end this process. The next query reports the loss.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

class Pooled implements Sql {
  readonly dialect = POSTGRES;
  readonly #pool: Pool;
  readonly #clock: Clock;

  constructor(pool: Pool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async query(text: string, params: readonly unknown[] = []): Promise<readonly SqlRow[]> {
    return (await this.#pool.query<Record<string, unknown>>(text, [...params])).rows;
  }

  async script(text: string): Promise<void> {
    await this.#pool.query(text);
  }

  /** A server may be restarted at any moment, by its owner or by a failover. So a lost transaction is done again. */
  async transaction<T>(work: (sql: Statements) => Promise<T>): Promise<T> {
    const until = this.#clock.now() + BACK_MS;
    for (;;) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (!isLost(error) || this.#clock.now() >= until) throw error;
        await this.#clock.sleep(PAUSE_MS);
      }
    }
  }

  async #once<T>(work: (sql: Statements) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let bad = true;
    try {
      const result = await inTransaction(statementsOf(client), async (sql) => {
        // The server itself gives a statement up. Otherwise it would go on when this process has given up. As part of the
        // transaction it also passes a proxy like PgBouncer, which refuses it at the start of a connection.
        await sql.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
        return work(sql);
      });
      bad = false;
      return result;
    } finally {
      // After an error nobody knows what the connection is still busy with. It is closed.
      client.release(bad);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.end();
  }
}

const statementsOf = (client: PoolClient): Statements => ({
  query: async (text, params = []) => (await client.query<Record<string, unknown>>(text, [...params])).rows,
  script: async (text) => {
    await client.query(text);
  },
});
