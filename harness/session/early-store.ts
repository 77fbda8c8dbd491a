import type { RunEvent } from '../core/record/events.ts';
import type { ResultStore, Subscriber } from '../core/record/run.ts';

/**
 * Opens the results database when the load of a run has ended, while the run looks up its writes and audits the system.
 * Opening an embedded database takes most of a second.
 */
export class EarlyStore implements Subscriber, AsyncDisposable {
  readonly #open: () => Promise<ResultStore>;
  /** False when the process must leave soon and takes no database. */
  readonly #inTime: () => boolean;
  #opened: Promise<ResultStore> | undefined;

  constructor(open: () => Promise<ResultStore>, inTime: () => boolean) {
    this.#open = open;
    this.#inTime = inTime;
  }

  onEvent(event: RunEvent): void {
    if (event.kind !== 'load.ended' || !this.#inTime()) return;
    this.#opened = this.#open();
    // Whoever takes the database gets the error.
    this.#opened.catch(() => undefined);
  }

  close(): void {
    // The caller of `take` closes the database. A database that nobody took is closed when this object is disposed.
  }

  /** Hands over the database, which the caller then closes. */
  take(): Promise<ResultStore> {
    const opened = this.#opened ?? this.#open();
    this.#opened = undefined;
    return opened;
  }

  /** Closes a database that nobody took. */
  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.[Symbol.asyncDispose]();
  }
}
