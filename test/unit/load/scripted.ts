import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What the server does with one request. It writes these pieces, each when the client has read the piece before.
 * Then it keeps the connection, ends it (fin) or resets it (rst).
 */
export interface Script {
  readonly pieces: readonly string[];
  readonly close: 'keep' | 'fin' | 'rst';
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The text (head and body) of each request, and the number of its connection. The first connection has number 1. */
  readonly requests: readonly { readonly text: string; readonly connection: number }[];
  readonly connections: number;
  /** The sockets of the open connections. */
  readonly sockets: ReadonlySet<Socket>;
}

/**
 * Waits until the other end of a loopback connection has read all that was written. Without this a stall joins two
 * pieces into one read, and a reset discards a piece that was not read yet. Source: proc_net_tcp(5), where a line is
 * `sl local remote state tx_queue:rx_queue`, in hexadecimal.
 */
async function untilRead(socket: Socket): Promise<void> {
  const port = (number: number | undefined): string => `:${(number ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const [ours, theirs] = [port(socket.localPort), port(socket.remotePort)];
  const waits = (line: string): boolean => {
    const [, local = '', remote = '', , queues = ''] = line.trim().split(/\s+/);
    const [unsent, unread] = queues.split(':').map((size) => Number.parseInt(size, 16));
    if (local.endsWith(ours) && remote.endsWith(theirs)) return unsent !== 0;
    return local.endsWith(theirs) && remote.endsWith(ours) && unread !== 0;
  };
  while (!socket.destroyed && (await readFile('/proc/net/tcp', 'latin1')).split('\n').some(waits)) await sleep(1);
}

async function perform(socket: Socket, { pieces, close }: Script): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, 'latin1', resolve));
    await untilRead(socket);
  }
  if (close === 'fin') socket.end();
  if (close === 'rst') socket.resetAndDestroy();
}

/**
 * A server of raw sockets. Request n (counted from 0 over all connections) gets script n. Requests after the last
 * script get the last script again. The body of a request must arrive together with its head.
 */
export async function startScripted(scripts: readonly Script[]): Promise<ScriptedServer> {
  const requests: { text: string; connection: number }[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const script = scripts[Math.min(requests.length, scripts.length - 1)];
      requests.push({ text: bytes.toString('latin1'), connection });
      if (script !== undefined) void perform(socket, script);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
