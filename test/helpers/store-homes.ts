import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { redact } from '../../harness/core/text/redact.ts';
import type { JudgedRun, ResultStore } from '../../harness/core/record/run.ts';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { openStore, STORE_FILE } from '../../harness/store/index.ts';
import { migrate } from '../../harness/store/migrate.ts';
import { openPostgres } from '../../harness/store/postgres.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import { smallDisk } from './full-disk.ts';
import type { LocalPostgres } from './local-postgres.ts';
import type { Home } from './store-troubles.ts';

const SAVING = fileURLToPath(new URL('./saving.ts', import.meta.url));
/** An embedded database with a few short runs takes some hundred KiB. */
const EMBEDDED_KIB = 4 * 1_024;

/** The embedded database. It is struck by killing the process that writes. */
export async function embeddedHome(): Promise<Home> {
  const disk = smallDisk(EMBEDDED_KIB);
  const folder = disk?.dir ?? mkdtempSync(join(tmpdir(), 'chaos-store-'));
  const file = join(folder, STORE_FILE);
  const open = async (waitMs?: number): Promise<ResultStore> => {
    const sql = await openEmbedded(file, waitMs);
    await migrate(sql);
    return new SqlResultStore(sql, redact);
  };
  return {
    open,
    async rows(text) {
      await using sql = await openEmbedded(file);
      return await sql.query(text);
    },
    async away() {
      const sql = await openEmbedded(file);
      await sql.query('BEGIN EXCLUSIVE');
      return sql;
    },
    struck: (runs) => killedWhileSaving(file, runs),
    disk: disk && { fill: () => disk.fill(), free: () => Promise.resolve(disk.free()) },
    [Symbol.asyncDispose]: () =>
      Promise.resolve(disk === undefined ? rmSync(folder, { recursive: true }) : disk[Symbol.dispose]()),
  };
}

/** Lets another process save the runs. It kills itself within the fourth. */
async function killedWhileSaving(file: string, runs: readonly JudgedRun[]): Promise<readonly string[]> {
  const options = runs.map(({ document, history }) => ({
    run: document.run,
    seconds: Object.fromEntries(history.windows.map((w) => [w.phase, (w.ended - w.started) / 1_000])),
  }));
  const child = spawn(process.execPath, [SAVING, file, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) said.push(line);
  expect(await ended).to.deep.equal([null, 'SIGKILL']);
  return said;
}

/** A server that can be ended and started. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  up(): Promise<void>;
  down(how: 'fast' | 'immediate'): Promise<void>;
  readonly disk: LocalPostgres['disk'];
}

/** A Postgres that is reached by its URL. It is struck by a crash and a start of the server. */
export const postgresHome = (server: Server): Home => {
  const open = (): Promise<ResultStore> =>
    openStore({
      reports: '/nowhere',
      url: server.url,
      underTest: undefined,
      redact,
      warn: (message) => expect.fail(message),
    });
  const { disk } = server;
  return {
    open,
    async rows(text) {
      await using sql = await openPostgres(server.url);
      return await sql.query(text);
    },
    async away() {
      await server.down('fast');
      return { [Symbol.asyncDispose]: () => server.up() };
    },
    async struck(runs) {
      await using store = await open();
      const said: string[] = [];
      for (const [i, run] of runs.entries()) {
        const saved = store.save(run);
        if (i === 3) {
          await server.down('immediate');
          await server.up();
        }
        await saved;
        said.push(run.document.run);
      }
      return said;
    },
    disk: disk && {
      fill: () => disk.fill(),
      async free() {
        disk.free();
        await server.up();
      },
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};
