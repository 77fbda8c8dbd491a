import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly text: string;
  readonly body: unknown;
}

/** How the next request is answered: a status, no answer at all, or headers and half of a body. */
type Answer = number | 'hang' | 'half';

/** A receiver of webhooks: a web server that keeps what it got. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** The answers to the next requests. Later requests are answered with 200. */
  answers: Answer[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#take(request, response));
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server);
  }

  /** Resolves when so many requests came. */
  async got(count: number): Promise<void> {
    while (this.received.length < count) await once(this.#server, 'taken');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const { authorization, 'content-type': type } = request.headers;
    this.received.push({ path: request.url ?? '', authorization, type, text, body: JSON.parse(text) as unknown });
    this.#server.emit('taken');
    const answer = this.answers.shift() ?? 200;
    if (answer === 'hang') return;
    if (answer === 'half') {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      return;
    }
    response.writeHead(answer, answer === 302 ? { location: `${this.url}/elsewhere` } : {}).end();
  }
}
