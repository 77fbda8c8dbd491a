import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { Answer, Numbered, ThreadInit } from './embedded.ts';

const { dir } = workerData as ThreadInit;

/** Creates the database in another folder and then moves it into place, so a killed process leaves no half database. */
async function create(): Promise<void> {
  const aside = mkdtempSync(`${dir}.new-`);
  try {
    const db = await PGlite.create(aside);
    await db.close();
    renameSync(aside, dir);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function answer(db: PGlite, { id, order }: Numbered): Promise<Answer> {
  try {
    if (order === 'close') await db.close();
    else if (order.params === undefined) await db.exec(order.text);
    else return { id, rows: (await db.query<Record<string, unknown>>(order.text, [...order.params])).rows };
    return { id, rows: [] };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

if (!existsSync(dir)) await create();
const db = await PGlite.create(dir);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows have
const say = (message: Answer | 'open'): void => parentPort?.postMessage(message);
let before: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (order: Numbered) => {
  before = before.then(() => answer(db, order)).then(say);
});
say('open');
