import { Client } from 'pg';
import { ChaosError } from '../core/errors.ts';
import { redact } from '../core/text/redact.ts';
import type { Sql } from './sql.ts';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;

/** Connects to the user's own Postgres. Throws CHAOS_STORE_UNREACHABLE when it does not answer. */
export async function openPostgres(url: string): Promise<Sql> {
  const client = new Client({
    connectionString: url,
    application_name: 'chaos',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
  });
  // Without a listener a lost connection would end this process. The next query reports the loss.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new ChaosError('CHAOS_STORE_UNREACHABLE', {
      what: `the results database does not answer at ${redact(url)}`,
      hint: 'Start it or correct its address. Without an address, chaos uses an embedded database beside the reports.',
      exit: 'not-ready',
      cause,
    });
  }
  return {
    query: async (text, params = []) => (await client.query<Record<string, unknown>>(text, [...params])).rows,
    script: async (text) => {
      await client.query(text);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
