import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { openPostgres } from '../../harness/store/postgres.ts';
import { startPostgres } from '../helpers/doubles/postgres.ts';
import { type OpenedStore, storeContract } from '../helpers/store-contract.ts';

async function embedded(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-store-'));
  const sql = await openEmbedded(join(folder, '.results'));
  return { sql, [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })) };
}

async function postgres(): Promise<OpenedStore> {
  const server = await startPostgres();
  return { sql: await openPostgres(server.url), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

storeContract('embedded', embedded);
storeContract('by URL, against a double', postgres);
