import { Wait } from 'testcontainers';
import { DisposableContainer } from './disposable.ts';

/** Starts a server with a password, as a person would run it. Its data is in memory, because nothing is kept. */
const SERVER = `
  printf %s "$RESULTS_PASSWORD" >/tmp/password
  initdb --pgdata=/dev/shm/data --auth=scram-sha-256 --username=results --pwfile=/tmp/password >/dev/null
  echo 'host all all all scram-sha-256' >>/dev/shm/data/pg_hba.conf
  exec postgres -D /dev/shm/data -c listen_addresses='*' -c fsync=off`;

/** A Postgres for results, as a user has it beside the topology under test. */
export interface ResultsServer extends AsyncDisposable {
  readonly url: string;
}

export async function startResultsServer(): Promise<ResultsServer> {
  const password = 'planted@results/pw';
  const server = await new DisposableContainer('postgres')
    .withEntrypoint(['bash', '-euc', SERVER])
    .withEnvironment({ RESULTS_PASSWORD: password })
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 1_024 * 1_024)
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
    .start();
  return {
    url: `postgres://results:${encodeURIComponent(password)}@127.0.0.1:${server.getMappedPort(5432)}/postgres`,
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}
