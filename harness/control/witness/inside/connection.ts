import { connect, type Socket } from 'node:net';
import type { Heard } from '../../../core/kinds/protocol.ts';

const CONNECT_MS = 1_000;

/** One connection of the witness. It keeps what came since it last sent something, and how it ended. */
export class Connection {
  readonly #socket: Socket;
  readonly madeAt = performance.now();
  #sentAt = this.madeAt;
  /** What came since this side last sent something, and in how many pieces. */
  got = Buffer.alloc(0);
  reads = 0;
  /** Milliseconds from the last `ask` to the first byte that came after it. */
  rtt: number | undefined;
  /** 'closed' or the code of an error. */
  ended: string | undefined;
  endedAt = Infinity;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.rtt ??= performance.now() - this.#sentAt;
      this.reads += 1;
      this.got = Buffer.concat([this.got, chunk]);
      this.#wake();
    });
    socket.on('end', () => this.#end('closed'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? 'error'));
  }

  /** Resolves with a connection, or with the code of an error: 'connect-timeout' after a second. */
  static open(host: string, port: number): Promise<Connection | string> {
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      const fail = (how: string): void => {
        clearTimeout(timer);
        socket.removeAllListeners().on('error', () => undefined);
        socket.destroy();
        resolve(how);
      };
      const timer = setTimeout(fail, CONNECT_MS, 'connect-timeout');
      socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      socket.on('connect', () => {
        clearTimeout(timer);
        socket.removeAllListeners();
        resolve(new Connection(socket));
      });
    });
  }

  #end(how: string): void {
    this.ended ??= how;
    this.endedAt = Math.min(this.endedAt, performance.now());
    this.#wake();
  }

  ask(bytes: Buffer): void {
    this.rtt = undefined;
    this.#sentAt = performance.now();
    this.#send(bytes);
  }

  #send(bytes: Buffer): void {
    this.got = Buffer.alloc(0);
    this.reads = 0;
    this.#socket.write(bytes);
  }

  /** Milliseconds since the last `ask` or `finish`. */
  get waited(): number {
    return performance.now() - this.#sentAt;
  }

  /** Ends this side. What the peer still says is read. */
  finish(): void {
    this.#sentAt = performance.now();
    this.#socket.end();
  }

  /**
   * Resolves with true as soon as `done` returns true. Resolves with false when the connection ends before that, or
   * after `ms` milliseconds.
   */
  async until(done: () => boolean, ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    for (;;) {
      if (done()) return true;
      const left = deadline - performance.now();
      if (this.ended !== undefined || left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /**
   * Waits for a whole message. Replies when the server asks back. Resolves with undefined for a whole message, and with
   * the reason why there is none: 'answer-timeout', how the connection ended, or "refused: " and why.
   */
  async hear(read: (got: Buffer) => Heard, ms: number): Promise<string | undefined> {
    const deadline = performance.now() + ms;
    for (;;) {
      let heard: Heard;
      const there = await this.until(
        () => this.got.length > 0 && (heard = read(this.got)) !== undefined,
        deadline - performance.now(),
      );
      if (!there || heard === undefined) return this.ended ?? 'answer-timeout';
      if (heard === 'whole') return undefined;
      if ('refused' in heard) return `refused: ${heard.refused}`;
      this.#send(heard.reply);
    }
  }

  close(): void {
    // Whatever comes now does not matter, errors included.
    this.#socket.removeAllListeners().on('error', () => undefined);
    this.#socket.destroy();
  }
}
