import { closeSync, fsyncSync } from 'node:fs';
import { appendWhole, openLines, readLines } from './lines.ts';

/** A file of events, each a JSON line. An event is on disk before `add` returns, so that a crash forgets nothing. */
export class EventFile<E> implements Disposable {
  readonly #path: string;
  readonly #events: E[];
  readonly #file: number;

  /** Opens the file, or makes it. Its folder exists. A line that a crash cut short is left out: nobody had an answer to it. */
  constructor(path: string) {
    this.#path = path;
    this.#events = readLines<E>(path);
    this.#file = openLines(path);
  }

  get events(): readonly E[] {
    return this.#events;
  }

  /** Throws CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE: then nothing has happened. */
  add(event: E): void {
    appendWhole(this.#file, this.#path, `${JSON.stringify(event)}\n`);
    fsyncSync(this.#file);
    this.#events.push(event);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
