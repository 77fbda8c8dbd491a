import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Starts an HTTP server in this process, for tests that need no misbehaving server. */
export async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface TlsServer extends AsyncDisposable {
  readonly port: number;
  /** The handshakes that the server has finished, in their order. */
  readonly handshakes: readonly { readonly name: string | false; readonly resumed: boolean }[];
  /** New connections get the certificate of this PEM text. Its key must be the same. */
  show(pem: string): void;
}

/** Starts an HTTPS server in this process. `pem` has its certificate and its key. */
export async function serveTls(pem: string, listener: RequestListener): Promise<TlsServer> {
  const server = createTlsServer({ cert: pem, key: pem, keepAliveTimeout: 60_000 }, listener);
  const handshakes: { name: string | false; resumed: boolean }[] = [];
  server.on('secureConnection', (socket) =>
    handshakes.push({ name: socket.servername ?? false, resumed: socket.isSessionReused() }),
  );
  // A client that refuses the certificate breaks the handshake off.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    handshakes,
    show: (shown) => server.setSecureContext({ cert: shown, key: shown }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
