import { openPostgres } from '../../harness/store/postgres.ts';
import type { Sql } from '../../harness/store/sql.ts';
import { startResultsServer } from '../helpers/results-server.ts';
import { describingPostgres } from '../helpers/store-columns.ts';
import { type OpenedStore, storeContract } from '../helpers/store-contract.ts';

async function postgres(): Promise<OpenedStore> {
  const server = await startResultsServer();
  const another = (): Promise<Sql> => openPostgres(server.url);
  return {
    sql: await another(),
    another,
    describing: describingPostgres,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

storeContract('by URL, against a real Postgres', postgres);
