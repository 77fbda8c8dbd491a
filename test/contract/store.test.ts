import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { STORE_FILE } from '../../harness/store/index.ts';
import { openPostgres } from '../../harness/store/postgres.ts';
import type { Sql } from '../../harness/store/sql.ts';
import { startPostgres } from '../helpers/doubles/postgres.ts';
import { LocalPostgres, postgresHere } from '../helpers/local-postgres.ts';
import { type OpenedStore, storeContract } from '../helpers/store-contract.ts';
import { describingPostgres, describingSqlite } from '../helpers/store-columns.ts';
import { embeddedHome, postgresHome } from '../helpers/store-homes.ts';
import { storeTroubles } from '../helpers/store-troubles.ts';

/** A new PostgreSQL takes about 30 MiB, and its log of changes as much. */
const DISK_KIB = 96 * 1_024;

async function embedded(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-store-'));
  const another = (): Promise<Sql> => openEmbedded(join(folder, STORE_FILE));
  return {
    sql: await another(),
    another,
    describing: describingSqlite,
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

async function postgres(): Promise<OpenedStore> {
  const server = await startPostgres();
  return {
    sql: await openPostgres(server.url),
    describing: describingPostgres,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

storeContract('embedded', embedded);
storeContract('by URL, against a double', postgres);

const here = postgresHere();

/** A double has one session. What needs two, and a crash, needs a real server. */
async function ofThisMachine(): Promise<OpenedStore> {
  const server = await LocalPostgres.start(here ?? '');
  const another = (): Promise<Sql> => openPostgres(server.url);
  return {
    sql: await another(),
    another,
    describing: describingPostgres,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

storeTroubles('embedded', embeddedHome);
storeTroubles('by URL, against a double', async () => postgresHome(await startPostgres()));

if (here === undefined) {
  describe('a results database by URL, against a PostgreSQL of this machine', () => {
    it('is tried where the programs of PostgreSQL are installed');
  });
} else {
  storeContract('by URL, against a PostgreSQL of this machine', ofThisMachine);
  storeTroubles('by URL, against a PostgreSQL of this machine', async () =>
    postgresHome(await LocalPostgres.start(here, { diskKib: DISK_KIB })),
  );
}
