import { Wait } from 'testcontainers';
import { openPostgres } from '../../harness/store/postgres.ts';
import type { Sql } from '../../harness/store/sql.ts';
import { DisposableContainer } from '../helpers/disposable.ts';
import { type OpenedStore, storeContract } from '../helpers/store-contract.ts';

/** Starts a server with a password, as a person would run it. Its data is in memory, because nothing is kept. */
const SERVER = `
  printf %s "$RESULTS_PASSWORD" >/tmp/password
  initdb --pgdata=/dev/shm/data --auth=scram-sha-256 --username=results --pwfile=/tmp/password >/dev/null
  echo 'host all all all scram-sha-256' >>/dev/shm/data/pg_hba.conf
  exec postgres -D /dev/shm/data -c listen_addresses='*' -c fsync=off`;

async function postgres(): Promise<OpenedStore> {
  const password = 'planted@results/pw';
  const server = await new DisposableContainer('postgres')
    .withEntrypoint(['bash', '-euc', SERVER])
    .withEnvironment({ RESULTS_PASSWORD: password })
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 1_024 * 1_024)
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
    .start();
  const another = (): Promise<Sql> =>
    openPostgres(`postgres://results:${encodeURIComponent(password)}@127.0.0.1:${server.getMappedPort(5432)}/postgres`);
  return {
    sql: await another(),
    another,
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

storeContract('by URL, against a real Postgres', postgres);
