import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ChaosError } from '../core/errors.ts';
import { moduleBeside } from '../core/module.ts';
import { takeLock } from './lock.ts';
import { inTransaction, type Sql, type SqlRow, type Statements } from './sql.ts';

/** Waits this long for another process that has the database open, milliseconds. That process may be creating the
 * database, which takes seconds. */
const WAIT_MS = 15_000;

/** Start values of the thread: the folder of the database. */
export interface ThreadInit {
  readonly dir: string;
}

/** What the thread shall do: run a statement, run a script (without `params`), or close the database. */
type Order = { readonly text: string; readonly params?: readonly unknown[] } | 'close';

export interface Numbered {
  readonly id: number;
  readonly order: Order;
}

/** The thread's answer to the order with this id. Orders are answered one after the other. */
export type Answer = { readonly id: number } & ({ readonly rows: readonly SqlRow[] } | { readonly error: string });

/**
 * Opens a Postgres in a thread of this process, with its data in the folder `dir`. The opening takes most of a second
 * of processor time; the thread keeps it from delaying a run. Only one process at a time may open the database. Throws
 * CHAOS_STORE_BUSY when another process still holds the database after `waitMs` milliseconds, and CHAOS_STORE_DAMAGED
 * when the database cannot be opened.
 */
export async function openEmbedded(dir: string, waitMs: number = WAIT_MS): Promise<Sql> {
  const lock = await takeLock(`${dir}.lock`, waitMs);
  try {
    return await Thread.open(dir, lock);
  } catch (cause) {
    lock[Symbol.dispose]();
    throw new ChaosError('CHAOS_STORE_DAMAGED', {
      what: `the embedded results database in ${dir} cannot be opened`,
      hint: 'Remove that folder, then run `chaos report --all`. It rebuilds the database, and nothing is lost.',
      exit: 'not-ready',
      cause,
    });
  }
}

/** The database in its thread. */
class Thread implements Sql {
  readonly #worker: Worker;
  readonly #lock: Disposable;
  readonly #waiting = new Map<number, PromiseWithResolvers<readonly SqlRow[]>>();
  #last = 0;
  /** Why the thread answers no more. */
  #gone: Error | undefined;

  private constructor(worker: Worker, lock: Disposable) {
    this.#worker = worker;
    this.#lock = lock;
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('the thread of the results database has ended')));
  }

  static async open(dir: string, lock: Disposable): Promise<Thread> {
    const init: ThreadInit = { dir };
    const worker = new Worker(moduleBeside('./embedded-thread', import.meta.url), { workerData: init });
    try {
      await once(worker, 'message');
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return new Thread(worker, lock);
  }

  query(text: string, params: readonly unknown[] = []): Promise<readonly SqlRow[]> {
    return this.#ask({ text, params });
  }

  async script(text: string): Promise<void> {
    await this.#ask({ text });
  }

  transaction<T>(work: (sql: Statements) => Promise<T>): Promise<T> {
    return inTransaction(this, work);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _ = this.#lock;
    if (this.#gone === undefined) await this.#ask('close').catch(() => undefined);
    await this.#worker.terminate();
  }

  #ask(order: Order): Promise<readonly SqlRow[]> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    this.#last += 1;
    const asked = Promise.withResolvers<readonly SqlRow[]>();
    this.#waiting.set(this.#last, asked);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows have
    this.#worker.postMessage({ id: this.#last, order } satisfies Numbered);
    return asked.promise;
  }

  #settle(answer: Answer): void {
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('rows' in answer) asked?.resolve(answer.rows);
    else asked?.reject(new Error(answer.error));
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const asked of this.#waiting.values()) asked.reject(error);
    this.#waiting.clear();
  }
}
