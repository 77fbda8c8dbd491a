import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChaosError } from '../../core/errors.ts';
import { refuse } from './answers.ts';
import type { Channel } from './channel.ts';
import { isFromElsewhere, isMeantForUs } from './guard.ts';

/** Answers a request that the server lets through. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

export interface LocalServerOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Further names by which viewers may call this server. */
  readonly names?: readonly string[] | undefined;
  /** Pages that hold nothing secret, by "GET /path": a page of another site may link to them. */
  readonly pages: Readonly<Record<string, Handler>>;
  /** What only the pages of this server may ask, by "METHOD /path". */
  readonly asks: Readonly<Record<string, Handler>>;
  readonly channels: readonly Channel[];
  /** Called every two seconds while somebody watches. */
  pulse(): void;
}

/** Milliseconds between two signs of life. A viewer that misses several connects again. */
const PULSE_MS = 2_000;
/** What every answer says: nothing of it is kept, read by other sites, or shown inside other pages. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Serves pages of this machine, their streams and their acts. It writes no log. */
export class LocalServer implements AsyncDisposable {
  readonly #options: LocalServerOptions;
  readonly #server = createServer(
    { keepAliveTimeout: 5_000 },
    (request, response) => void this.#answer(request, response),
  );
  #pulse: NodeJS.Timeout | undefined;

  constructor(options: LocalServerOptions) {
    this.#options = options;
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE when the server cannot listen there. */
  async listen(): Promise<number> {
    const { address, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, address, port)));
      this.#server.listen(port, address, resolve);
    });
    this.#pulse = setInterval(() => this.#options.pulse(), PULSE_MS);
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pulse);
    for (const channel of this.#options.channels) channel.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { names, pages, asks } = this.#options;
    const { method, url = '/' } = request;
    if (!isMeantForUs(request, names)) return refuse(response, 421, 'this server has another name');
    if (!URL.canParse(url, 'http://any')) return refuse(response, 400, 'this is no address');
    const asked = new URL(url, 'http://any');
    const name = `${method} ${asked.pathname}`;
    const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
    try {
      if (page !== undefined) return await page(request, response, asked);
      if (isFromElsewhere(request)) return refuse(response, 403, 'only the page of this server may ask');
      const ask = Object.hasOwn(asks, name) ? asks[name] : undefined;
      if (ask !== undefined) return await ask(request, response, asked);
      refuse(response, 404, 'there is no such thing here');
    } catch {
      if (!response.headersSent) refuse(response, 500, 'this could not be answered');
      else response.destroy();
    } finally {
      request.resume();
    }
  }
}

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
