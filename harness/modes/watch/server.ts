import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChaosError } from '../../core/errors.ts';
import { type Backlog, cursorOf } from './backlog.ts';
import { hasToken, isFromElsewhere, isMeantForUs } from './guard.ts';
import { Viewer } from './viewer.ts';

/** The page, and the content policy that its scripts need. */
export interface LivePage {
  readonly html: string;
  readonly policy: string;
}

interface ServerOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Further names by which viewers may call this server. */
  readonly names?: readonly string[];
  readonly page: LivePage;
  /** What acts must send. */
  readonly token: string;
  /** Returns the present state of the run, which every viewer gets every two seconds. */
  pulse(): unknown;
  /** Orders the run at work to end. Returns what a viewer shall read. Throws ChaosError when it cannot. */
  abort(): Promise<string>;
  /** How long a viewer may take nothing, milliseconds. */
  readonly stalledMs?: number;
}

/** Milliseconds between two signs of life. A viewer that misses several connects again. */
const PULSE_MS = 2_000;
/** More viewers than this are turned away. */
const MOST_VIEWERS = 500;
/** What every answer says: nothing of it is kept, read by other sites, or shown inside other pages. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Serves the live page, the stream of messages, and the order to abort. It writes no log. */
export class WatchServer implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #server = createServer(
    { keepAliveTimeout: 5_000 },
    (request, response) => void this.#answer(request, response),
  );
  readonly #viewers = new Set<Viewer>();
  #pulse: NodeJS.Timeout | undefined;
  #backlog: Backlog | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE when the server cannot listen there. */
  async listen(): Promise<number> {
    const { address, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, address, port)));
      this.#server.listen(port, address, resolve);
    });
    this.#pulse = setInterval(() => this.#tellAll(), PULSE_MS);
    return (this.#server.address() as AddressInfo).port;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Shows another run from now on: every viewer gets its messages from the first on. */
  show(backlog: Backlog): void {
    this.#backlog = backlog;
    this.added();
    this.#tellAll();
  }

  /** The backlog has new messages. */
  added(): void {
    if (this.#backlog !== undefined) for (const viewer of this.#viewers) viewer.catchUp(this.#backlog);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pulse);
    for (const viewer of this.#viewers) viewer.leave();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  #tellAll(): void {
    if (this.#viewers.size === 0) return;
    const message = this.#options.pulse();
    for (const viewer of this.#viewers) viewer.tell('pulse', message);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    request.resume();
    const { method, url = '/' } = request;
    if (!isMeantForUs(request, this.#options.names)) return refuse(response, 421, 'this server has another name');
    const { pathname, searchParams } = new URL(url, 'http://any');
    const asked = `${method} ${pathname}`;
    // A page of another site may link to the page, which holds nothing. The stream and the acts are for the page alone.
    if (asked === 'GET /') return this.#page(response);
    if (isFromElsewhere(request)) return refuse(response, 403, 'only the page of this server may ask');
    if (asked === 'GET /events') return this.#stream(request, response, searchParams.get('after') ?? undefined);
    if (asked === 'POST /abort') return await this.#abort(request, response);
    return refuse(response, 404, 'there is no such thing here');
  }

  #page(response: ServerResponse): void {
    const { html, policy } = this.#options.page;
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
  }

  #stream(request: IncomingMessage, response: ServerResponse, after: string | undefined): void {
    if (this.#viewers.size >= MOST_VIEWERS) return refuse(response, 503, 'there are too many viewers');
    // The browser sends the header when it connects again by itself, and the page sends the parameter.
    const last = request.headers['last-event-id'];
    const cursor = cursorOf(typeof last === 'string' ? last : after);
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    request.socket.setNoDelay(true);
    response.write('retry: 500\n\n');
    const viewer = new Viewer(response, cursor, this.#options.stalledMs);
    this.#viewers.add(viewer);
    response.on('close', () => this.#viewers.delete(viewer));
    response.on('error', () => undefined);
    viewer.tell('pulse', this.#options.pulse());
    if (this.#backlog !== undefined) viewer.catchUp(this.#backlog);
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

const refuse = (response: ServerResponse, status: number, why: string): void =>
  void response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(why);

function cannotListen(error: NodeJS.ErrnoException, address: string, port: number): Error {
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    return new ChaosError('CHAOS_PORT_TAKEN', {
      what:
        error.code === 'EACCES'
          ? `this user may not listen on port ${port}`
          : `port ${port} of ${address} is in use by another process`,
      hint: 'Write another port: --port 17078. --port 0 takes any free one.',
      exit: 'not-ready',
      cause: error,
    });
  }
  return new ChaosError('CHAOS_WRONG_VALUE', {
    what: `nobody can listen on "${address}" of this machine`,
    hint: 'Write an address of this machine: --listen 127.0.0.1, or --listen 0.0.0.0 for all.',
    exit: 'bad-input',
    cause: error,
  });
}
