import type { ServerResponse } from 'node:http';
import type { Backlog, Cursor } from './backlog.ts';

/** A viewer that takes nothing for this long is sent away. It connects again, and goes on where it was. Milliseconds. */
const STALLED_MS = 10_000;

/** One open page. It gets messages as fast as it takes them, and the server keeps none for it. */
export class Viewer {
  readonly #response: ServerResponse;
  readonly #stalledMs: number;
  #cursor: Cursor | undefined;
  #backlog: Backlog | undefined;
  #stalled: NodeJS.Timeout | undefined;
  /** The last message of each name that the viewer could not take. */
  readonly #missed = new Map<string, string>();

  constructor(response: ServerResponse, cursor: Cursor | undefined, stalledMs: number = STALLED_MS) {
    this.#response = response;
    this.#cursor = cursor;
    this.#stalledMs = stalledMs;
    response.on('close', () => clearTimeout(this.#stalled));
  }

  /** Sends the messages that the viewer does not have, as far as it takes them. */
  catchUp(backlog: Backlog): void {
    this.#backlog = backlog;
    while (this.#stalled === undefined && !this.#response.destroyed) {
      const next = backlog.after(this.#cursor);
      if (next === undefined) return;
      this.#cursor = next.cursor;
      this.#write(next.text);
    }
  }

  /** Sends a message that is not about an event. Of those with one name, a viewer that is behind gets the last one. */
  tell(name: string, message: unknown): void {
    if (this.#response.destroyed) return;
    const text = `event: ${name}\ndata: ${JSON.stringify(message)}\n\n`;
    if (this.#stalled === undefined) this.#write(text);
    else this.#missed.set(name, text);
  }

  leave(): void {
    this.#response.destroy();
  }

  #write(text: string): void {
    if (this.#response.write(text)) return;
    this.#stalled = setTimeout(() => this.#response.destroy(), this.#stalledMs);
    this.#response.once('drain', () => {
      clearTimeout(this.#stalled);
      this.#stalled = undefined;
      const missed = [...this.#missed.values()].join('');
      this.#missed.clear();
      if (missed !== '') this.#write(missed);
      if (this.#backlog !== undefined) this.catchUp(this.#backlog);
    });
  }
}
