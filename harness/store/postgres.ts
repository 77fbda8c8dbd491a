import { Client } from 'pg';
import { ChaosError } from '../core/errors.ts';
import { redact } from '../core/redact.ts';
import type { Sql } from './sql.ts';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;

/** The user's own Postgres. CHAOS_STORE_UNREACHABLE when it does not answer. */
export async function openPostgres(url: string): Promise<Sql> {
  const client = new Client({
    connectionString: url,
    application_name: 'chaos',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
  });
  // Without a listener a lost connection ends the process; the next query tells of it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new ChaosError('CHAOS_STORE_UNREACHABLE', {
      what: `the results database does not answer at ${redact(url)}`,
      hint: 'Start it, correct its address, or leave the address away: then it is embedded beside the reports.',
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
