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

  /** Sends a message that is not about an event. A viewer that is behind does not need it. */
  tell(name: string, message: unknown): void {
    if (this.#stalled === undefined && !this.#response.destroyed)
      this.#write(`event: ${name}\ndata: ${JSON.stringify(message)}\n\n`);
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
      if (this.#backlog !== undefined) this.catchUp(this.#backlog);
    });
  }
}
