import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { ChaosError } from '../core/errors.ts';
import { takeLock } from './lock.ts';
import type { Sql } from './sql.ts';

/** The first opening makes the database, which takes seconds; another process may be at that. */
const WAIT_MS = 15_000;

/**
 * A Postgres in this process, its data in the folder `dir`. One process at a time: CHAOS_STORE_BUSY when another one does
 * not let go. CHAOS_STORE_DAMAGED when the folder is not what it was.
 */
export async function openEmbedded(dir: string, waitMs: number = WAIT_MS): Promise<Sql> {
  const lock = await takeLock(`${dir}.lock`, waitMs);
  try {
    if (!existsSync(dir)) await create(dir);
    const db = await PGlite.create(dir);
    return {
      query: async (text, params = []) => (await db.query<Record<string, unknown>>(text, [...params])).rows,
      script: async (text) => {
        await db.exec(text);
      },
      async [Symbol.asyncDispose]() {
        using _ = lock;
        await db.close();
      },
    };
  } catch (cause) {
    lock[Symbol.dispose]();
    throw new ChaosError('CHAOS_STORE_DAMAGED', {
      what: `the embedded results database in ${dir} cannot be opened`,
      hint: 'Remove that folder: nothing is lost, the database is rebuilt from the runs’ folders (`chaos report --all`).',
      exit: 'not-ready',
      cause,
    });
  }
}

/** Made aside and moved into place whole: a process that is killed meanwhile leaves no half of a database. */
async function create(dir: string): Promise<void> {
  const aside = mkdtempSync(`${dir}.new-`);
  try {
    const db = await PGlite.create(aside);
    await db.close();
    renameSync(aside, dir);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
