import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { redact } from '../../harness/core/text/redact.ts';
import type { JudgedRun, ResultStore } from '../../harness/core/record/run.ts';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { openStore } from '../../harness/store/index.ts';
import { takeLock } from '../../harness/store/lock.ts';
import { migrate } from '../../harness/store/migrate.ts';
import { openPostgres } from '../../harness/store/postgres.ts';
import { SqlResultStore } from '../../harness/store/result-store.ts';
import { smallDisk } from './full-disk.ts';
import type { LocalPostgres } from './local-postgres.ts';
import type { Home } from './store-troubles.ts';

const SAVING = fileURLToPath(new URL('./saving.ts', import.meta.url));
/** An embedded database with a few runs takes about 50 MiB. */
const EMBEDDED_KIB = 96 * 1_024;

/** The embedded database. It has one user at a time, which is struck by killing it. */
export async function embeddedHome(): Promise<Home> {
  const disk = smallDisk(EMBEDDED_KIB);
  const folder = disk?.dir ?? mkdtempSync(join(tmpdir(), 'chaos-store-'));
  const dir = join(folder, '.results');
  const open = async (waitMs?: number): Promise<ResultStore> => {
    const sql = await openEmbedded(dir, waitMs);
    await migrate(sql);
    return new SqlResultStore(sql, redact);
  };
  return {
    open,
    async rows(text) {
      await using sql = await openEmbedded(dir);
      return await sql.query(text);
    },
    async away() {
      const lock = await takeLock(`${dir}.lock`, 0);
      return { [Symbol.asyncDispose]: () => Promise.resolve(lock[Symbol.dispose]()) };
    },
    struck: (runs) => killedWhileSaving(dir, runs),
    disk: disk && { fill: () => disk.fill(), free: () => Promise.resolve(disk.free()) },
    [Symbol.asyncDispose]: () =>
      Promise.resolve(disk === undefined ? rmSync(folder, { recursive: true }) : disk[Symbol.dispose]()),
  };
}

/** Lets another process save the runs, and kills it soon after the third. */
async function killedWhileSaving(dir: string, runs: readonly JudgedRun[]): Promise<readonly string[]> {
  const options = runs.map(({ document, history }) => ({
    run: document.run,
    seconds: Object.fromEntries(history.windows.map((w) => [w.phase, (w.ended - w.started) / 1_000])),
  }));
  const child = spawn(process.execPath, [SAVING, dir, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    // A save takes longer than this, so the kill comes in the middle of the next.
    if (said.length === 3) void delay(3).then(() => child.kill('SIGKILL'));
  }
  await ended;
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
    openStore({ reports: '/nowhere', url: server.url, underTest: undefined, redact });
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
