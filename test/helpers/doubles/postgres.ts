import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

export interface PostgresDouble extends AsyncDisposable {
  readonly url: string;
  /** Listens again. */
  up(): Promise<void>;
  /** Breaks every connection, and takes no other until `up`. What was not committed is rolled back. */
  down(): Promise<void>;
  /** The data is in memory. */
  readonly disk: undefined;
}

const SSL_REQUEST = 80_877_103;

/** One message of the Postgres protocol, with its type. */
function message(type: string, body: readonly number[]): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

const AUTHENTICATED = message('R', [0, 0, 0, 0]);
const READY = message('Z', ['I'.charCodeAt(0)]);

/**
 * Starts a real, embedded Postgres that speaks its protocol on a port of 127.0.0.1. It has one session, so it serves one
 * client at a time, and speaks no TLS.
 */
export async function startPostgres(): Promise<PostgresDouble> {
  const db = await PGlite.create('memory://');
  const sockets = new Set<Socket>();
  const begin = sessions();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, db, begin);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const down = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `postgres://results:planted-results-pw@127.0.0.1:${port}/results`,
    down,
    up: async () => void (await listen(port)),
    disk: undefined,
    async [Symbol.asyncDispose]() {
      server.close();
      await db.close();
    },
  };
}

/** Makes clients wait for each other. A client that ends its session lets the next one in. */
function sessions(): () => { readonly turn: Promise<void>; readonly over: () => void } {
  let last = Promise.resolve();
  return () => {
    const turn = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = turn.then(() => promise);
    return { turn, over: resolve };
  };
}

function serve(socket: Socket, db: PGlite, begin: ReturnType<typeof sessions>): void {
  let waiting = Buffer.alloc(0);
  let begun = false;
  let last = Promise.resolve();
  const take = (length: number): Buffer => {
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length);
    return taken;
  };
  socket.on('error', () => socket.destroy());
  const start = (): void => {
    const { turn, over } = begin();
    last = turn.then(() => void socket.write(Buffer.concat([AUTHENTICATED, READY])));
    // A session that ends rolls its transaction back. The database may be closed by then.
    socket.on('close', () => void last.then(() => db.exec('ROLLBACK')).then(over, over));
  };
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      if (waiting.length < 5) return;
      const length = begun ? waiting.readInt32BE(1) + 1 : waiting.readInt32BE(0);
      if (waiting.length < length) return;
      const bytes = Uint8Array.from(take(length));
      if (!begun) {
        const ssl = Buffer.from(bytes).readInt32BE(4) === SSL_REQUEST;
        begun = !ssl;
        if (ssl) socket.write('N');
        else start();
      } else if (bytes[0] === 'X'.charCodeAt(0)) {
        socket.end();
      } else {
        last = last.then(async () => {
          const answer = await db.execProtocolRaw(bytes);
          if (!socket.destroyed) socket.write(answer);
        });
      }
    }
  });
}
