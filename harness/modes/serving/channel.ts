import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Backlog, cursorOf } from './backlog.ts';
import { refuse } from './answers.ts';
import { Viewer } from './viewer.ts';

/** More viewers of a channel than this are turned away. */
const MOST_VIEWERS = 500;

interface ChannelOptions {
  /** What every viewer gets when it comes: each message with its name. */
  greeting(): readonly (readonly [name: string, message: unknown])[];
  /** How long a viewer may take nothing, milliseconds. */
  readonly stalledMs?: number | undefined;
}

/** Viewers who may all see the same. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #viewers = new Set<Viewer>();
  #backlog: Backlog | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Shows another run from now on: every viewer gets its messages from the first on. */
  show(backlog: Backlog): void {
    this.#backlog = backlog;
    this.added();
  }

  /** The backlog has new messages. */
  added(): void {
    if (this.#backlog !== undefined) for (const viewer of this.#viewers) viewer.catchUp(this.#backlog);
  }

  /** Sends a message that is not about an event of a run. */
  tell(name: string, message: unknown): void {
    for (const viewer of this.#viewers) viewer.tell(name, message);
  }

  /** Answers a request with the stream, until either side ends it. */
  open(request: IncomingMessage, response: ServerResponse, { searchParams }: URL): void {
    if (this.#viewers.size >= MOST_VIEWERS) return refuse(response, 503, 'there are too many viewers');
    // The browser sends the header when it connects again by itself, and the page sends the parameter.
    const last = request.headers['last-event-id'];
    const cursor = cursorOf(typeof last === 'string' ? last : (searchParams.get('after') ?? undefined));
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    request.socket.setNoDelay(true);
    response.write('retry: 500\n\n');
    const viewer = new Viewer(response, cursor, this.#options.stalledMs);
    this.#viewers.add(viewer);
    response.on('close', () => this.#viewers.delete(viewer));
    response.on('error', () => undefined);
    for (const [name, message] of this.#options.greeting()) viewer.tell(name, message);
    if (this.#backlog !== undefined) viewer.catchUp(this.#backlog);
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.leave();
  }
}
