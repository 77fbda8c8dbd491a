import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Wait } from 'testcontainers';
import { parse } from 'yaml';
import { ROOT } from '../chaos.ts';
import { DisposableContainer } from '../disposable.ts';

const PASSWORD = 'planted-plum4Tr';

/** What the planner of the topology's nodes is told. The rest has its default there, too. */
const TOLD = ['shared_buffers', 'effective_cache_size', 'work_mem', 'default_statistics_target', 'jit'];

function plannerSettings(): string {
  const patroni = parse(readFileSync(join(ROOT, 'topology/postgres/patroni.yml'), 'utf8')) as {
    bootstrap: { dcs: { postgresql: { parameters: Readonly<Record<string, string>> } } };
  };
  const { parameters } = patroni.bootstrap.dcs.postgresql;
  return TOLD.map((name) => `-c ${name}=${parameters[name]}`).join(' ');
}

const SERVER = `
  printf %s "$PASSWORD" >/tmp/password
  initdb --pgdata=/tmp/data --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 \\
    --username=postgres --pwfile=/tmp/password >/dev/null
  echo 'host all all all scram-sha-256' >>/tmp/data/pg_hba.conf
  exec postgres -D /tmp/data -c listen_addresses='*' -c fsync=off -c full_page_writes=off -c max_wal_size=4GB \\
    ${plannerSettings()}`;

/** As topology/postgres/create-database makes the database, and then a season of requests. */
const load = (factor: number, rows: number): string => `
  psql() { command psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host /var/run/postgresql "$@"; }
  psql --username postgres --command 'create role wedsync login' --command 'create database wedsync owner wedsync'
  for file in schema seed; do psql --username wedsync --set factor=${factor} --file "/tmp/schema/$file.sql" wedsync; done
  psql --username postgres --set rows=${rows} --file /tmp/season.sql wedsync`;

export interface SeededServer extends AsyncDisposable {
  readonly client: Client;
}

/**
 * Starts a real Postgres of the topology's version, with the app's schema and the generated data. `rows`: how many rows
 * a season adds to each table that requests fill.
 */
export async function seededServer({ factor, rows }: { factor: number; rows: number }): Promise<SeededServer> {
  const server = await new DisposableContainer('postgres')
    .withEntrypoint(['bash', '-euc', SERVER])
    .withEnvironment({ PASSWORD })
    .withCopyDirectoriesToContainer([{ source: join(ROOT, 'topology/app/schema'), target: '/tmp/schema' }])
    .withCopyFilesToContainer([{ source: join(ROOT, 'test/fixtures/season.sql'), target: '/tmp/season.sql' }])
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 1_024 * 1_024)
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
    .start();
  const { exitCode, output } = await server.exec(['bash', '-euc', load(factor, rows)]);
  if (exitCode !== 0) throw new Error(`the data could not be made: ${output}`);
  const client = new Client({
    host: '127.0.0.1',
    port: server.getMappedPort(5432),
    user: 'postgres',
    password: PASSWORD,
    database: 'wedsync',
  });
  await client.connect();
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.end();
      await server.stop();
    },
  };
}
