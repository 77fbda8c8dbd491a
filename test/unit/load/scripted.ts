import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a server does with one request: writes these pieces, each in a turn of its own, and then keeps, ends or resets the connection. */
export interface Script {
  readonly pieces: readonly string[];
  readonly close: 'keep' | 'fin' | 'rst';
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Heads and bodies of all requests, and on which connection each came, from 1. */
  readonly requests: readonly { readonly text: string; readonly connection: number }[];
  readonly connections: number;
  /** Of the connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
}

async function perform(socket: Socket, { pieces, close }: Script): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    // So that it arrives by itself.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (close === 'fin') socket.end();
  if (close === 'rst') socket.resetAndDestroy();
}

/** A server of raw sockets; the n-th request of all (from 0) gets the n-th script, the last one again and again. Bodies must come with their heads. */
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
