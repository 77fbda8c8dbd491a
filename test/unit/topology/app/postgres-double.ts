import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

const message = (type: string, body: Buffer | string = ''): Buffer => {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', 'I');
const DONE = message('C', 'SELECT 0\0');

/** The answer to each message of a client. A simple query is the probe of a circuit. */
const ANSWERS: Readonly<Record<string, Buffer>> = {
  P: message('1'),
  B: message('2'),
  D: message('n'),
  E: DONE,
  S: READY,
  Q: Buffer.concat([DONE, READY]),
};

/**
 * A server that speaks as much of PostgreSQL's protocol as pools need: every statement returns no rows, once `answer`
 * is called for it. It counts open connections.
 */
export class PostgresDouble implements AsyncDisposable {
  /** The most connections that were open at one time. */
  most = 0;
  /** False: a login gets no answer until it is true again. */
  welcomes = true;
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #open = new Set<Socket>();
  #waiting: { readonly socket: Socket; readonly answer: Buffer }[] = [];

  get open(): number {
    return this.#open.size;
  }

  /** The statements that wait for their answer. */
  get statements(): number {
    return this.#waiting.length;
  }

  async url(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `postgres://app:secret@127.0.0.1:${(this.#server.address() as AddressInfo).port}/app`;
  }

  /** Answers the statements that have waited longest. */
  answer(statements = Infinity): void {
    for (const { socket, answer } of this.#waiting.splice(0, statements)) socket.write(answer);
  }

  /** Cuts the connection of the statement that has waited longest. */
  cut(): void {
    this.#waiting.shift()?.socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#open.add(socket);
    this.most = Math.max(this.most, this.#open.size);
    const gone = (): void => {
      this.#open.delete(socket);
      this.#waiting = this.#waiting.filter((one) => one.socket !== socket);
    };
    socket.on('error', gone).on('close', gone);
    let unread = Buffer.alloc(0);
    let begun = false;
    let answers: Buffer[] = [];
    socket.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      for (;;) {
        if (unread.length < 5) return;
        const length = begun ? unread.readInt32BE(1) + 1 : unread.readInt32BE(0);
        if (unread.length < length) return;
        const type = begun ? String.fromCharCode(unread[0] ?? 0) : 'login';
        unread = unread.subarray(length);
        begun = true;
        if (type === 'X') return void socket.end();
        answers.push(type === 'login' ? Buffer.concat([AUTHENTICATED, READY]) : (ANSWERS[type] ?? Buffer.alloc(0)));
        const whole = Buffer.concat(answers);
        if (type === 'login' || type === 'Q') {
          if (this.welcomes) socket.write(whole);
          else this.#waiting.push({ socket, answer: whole });
        } else if (type === 'S') this.#waiting.push({ socket, answer: whole });
        else continue;
        answers = [];
      }
    });
  }
}
