// Runs inside a container of the app, which has its packages and its network. Asks over the app's own address of the
// primary what the app relies on, and prints it as JSON (`Answers` in inside.ts).
import { readFileSync } from 'node:fs';
import { Client } from 'pg';

const CLIENTS = 6;
const ROUNDS = 10;

const clients = Array.from(
  { length: CLIENTS },
  () => new Client({ connectionString: process.env['PRIMARY_URL'], statement_timeout: 900, query_timeout: 5_000 }),
);
const failures: string[] = [];

/** Runs a named statement in one round: the server has prepared it in an earlier round, or not. */
async function runNamed(client: Client): Promise<void> {
  try {
    await client.query({ name: 'asked', text: 'select $1::int as n', values: [1] });
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
}

/** Counts the established connections of this network namespace to a port, as the harness's witness does. */
function connectionsTo(port: number): number {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to?.endsWith(suffix) && state === '01').length;
}

for (const client of clients) client.on('error', () => undefined);
await Promise.all(clients.map((client) => client.connect()));
for (let round = 0; round < ROUNDS; round += 1) await Promise.all(clients.map(runNamed));
const timeout = await clients[0]?.query<{ statement_timeout: string }>('show statement_timeout');
await Promise.all(clients.map((client) => client.end()));

process.stdout.write(
  JSON.stringify({
    statements: CLIENTS * ROUNDS,
    failures: failures.length,
    failure: failures[0] ?? null,
    statementTimeout: timeout?.rows[0]?.statement_timeout ?? 'unknown',
    // The clients of this program are closed: what is left are the connections of the app.
    toPrimary: connectionsTo(6_001),
    toStandby: connectionsTo(6_002),
  }),
);
