import type { IncomingMessage, ServerResponse } from 'node:http';
import { ChaosError } from '../../core/errors.ts';
import { answerPage, refuse, type ServedPage } from '../serving/answers.ts';
import type { Backlog } from '../serving/backlog.ts';
import { Channel } from '../serving/channel.ts';
import { hasToken } from '../serving/guard.ts';
import { LocalServer } from '../serving/local-server.ts';

interface ServerOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Further names by which viewers may call this server. */
  readonly names?: readonly string[];
  readonly page: ServedPage;
  /** What acts must send. */
  readonly token: string;
  /** Returns the present state of the run, which every viewer gets every two seconds. */
  pulse(): unknown;
  /** Orders the run at work to end. Returns what a viewer shall read. Throws ChaosError when it cannot. */
  abort(): Promise<string>;
  /** How long a viewer may take nothing, milliseconds. */
  readonly stalledMs?: number;
}

/** Serves the live page, the stream of messages, and the order to abort. */
export class WatchServer implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #channel: Channel;
  readonly #server: LocalServer;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#channel = new Channel({
      greeting: () => [['pulse', options.pulse()]],
      stalledMs: options.stalledMs,
    });
    this.#server = new LocalServer({
      ...options,
      // The page holds nothing. The stream and the acts are for the page alone.
      pages: { 'GET /': (_request, response) => answerPage(response, options.page) },
      asks: {
        'GET /events': (request, response, url) => this.#channel.open(request, response, url),
        'POST /abort': (request, response) => this.#abort(request, response),
      },
      channels: [this.#channel],
      pulse: () => this.#tellAll(),
    });
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE when the server cannot listen there. */
  listen(): Promise<number> {
    return this.#server.listen();
  }

  get viewers(): number {
    return this.#channel.viewers;
  }

  /** Shows another run from now on: every viewer gets its messages from the first on. */
  show(backlog: Backlog): void {
    this.#channel.show(backlog);
    this.#tellAll();
  }

  /** The backlog has new messages. */
  added(): void {
    this.#channel.added();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  #tellAll(): void {
    if (this.#channel.viewers > 0) this.#channel.tell('pulse', this.#options.pulse());
  }

  async #abort(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hasToken(request, this.#options.token)) return refuse(response, 401, 'the token is missing or wrong');
    try {
      const said = await this.#options.abort();
      response.writeHead(202, { 'Content-Type': 'text/plain; charset=utf-8' }).end(said);
      this.#tellAll();
    } catch (error) {
      refuse(response, 409, error instanceof ChaosError ? error.message : 'the order could not be given');
    }
  }
}
