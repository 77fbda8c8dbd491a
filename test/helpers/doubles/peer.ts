import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Asked, Result } from '../../../harness/control/witness/inside/asked.ts';
import type { Protocol } from '../../../harness/core/kinds/protocol.ts';
import type { Question } from '../../../harness/core/topology/witness.ts';

export interface PeerDouble extends AsyncDisposable {
  readonly port: number;
  /** The open connections. */
  readonly sockets: Set<Socket>;
}

/** Starts a server on 127.0.0.1. `serve` receives each connection. */
export async function startPeer(serve: (socket: Socket) => void): Promise<PeerDouble> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Returns a question as a witness keeps it, to a server on 127.0.0.1. */
export const asked = (protocol: Protocol, port: number, more: Partial<Question> = {}): Asked => ({
  question: { id: 'q', protocol: protocol.name, host: '127.0.0.1', port, everyMs: 50, ...more },
  protocol,
  pending: undefined,
  line: undefined,
});

/** Asks one question once, as a witness does. `how` is what the witness asks: `answer`, `echo`, `close` or `held`. */
export const askOnce = (
  how: (asked: Asked, ip: string) => Promise<Result>,
  protocol: Protocol,
  port: number,
  more: Partial<Question> = {},
): Promise<Result> => how(asked(protocol, port, more), '127.0.0.1');

/** Starts a server that says `answer` to whatever comes, and keeps the connection open. */
export const startSaying = (answer: string | Buffer): Promise<PeerDouble> =>
  startPeer((socket) => socket.on('data', () => socket.write(answer)));
