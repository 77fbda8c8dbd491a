import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

export interface PostgresDouble extends AsyncDisposable {
  readonly url: string;
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

/** Starts a real, embedded Postgres that speaks its protocol on a port of 127.0.0.1. It serves one client at a time. */
export async function startPostgres(): Promise<PostgresDouble> {
  const db = await PGlite.create('memory://');
  const server = createServer((socket) => serve(socket, db));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://results:planted-results-pw@127.0.0.1:${port}/results`,
    async [Symbol.asyncDispose]() {
      server.close();
      await db.close();
    },
  };
}

function serve(socket: Socket, db: PGlite): void {
  let waiting = Buffer.alloc(0);
  let begun = false;
  let last = Promise.resolve();
  const take = (length: number): Buffer => {
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length);
    return taken;
  };
  socket.on('error', () => socket.destroy());
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
        socket.write(ssl ? 'N' : Buffer.concat([AUTHENTICATED, READY]));
      } else if (bytes[0] === 'X'.charCodeAt(0)) {
        socket.end();
      } else {
        last = last.then(async () => {
          socket.write(await db.execProtocolRaw(bytes));
        });
      }
    }
  });
}
