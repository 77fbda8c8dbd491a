import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const answer = (status: string, type: string, body: string, length = Buffer.byteLength(body)): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nApi-Version: 1.24\r\nConnection: close\r\n\r\n${body}`;

const HTML = '<html><body><h1>Sign in to the network</h1></body></html>';
const TOO_NEW = '{"message":"client version 1.51 is too new. Maximum supported API version is 1.24"}';

/** What something at the engine's address may do with a connection that has sent a request. */
const BEHAVIOURS = {
  /** Accepts and never answers. */
  silent: () => undefined,
  /** Answers every call with a page, as a proxy or a portal does. */
  html: (socket: Socket) => void socket.end(answer('200 OK', 'text/html', HTML)),
  /** Is JSON, and no answer of an engine. */
  'other json': (socket: Socket) => void socket.end(answer('200 OK', 'application/json', '{"status":"green"}')),
  /** Is an engine that is too old for this client. */
  'too old': (socket: Socket) => void socket.end(answer('400 Bad Request', 'application/json', TOO_NEW)),
  /** Is no HTTP server. */
  'no http': (socket: Socket) => void socket.end('220 mail.example.com ESMTP\r\n'),
  /** Dies before it answers. */
  'dies at once': (socket: Socket) => void socket.destroy(),
  /** Dies in the middle of its answer. */
  'dies within': (socket: Socket) =>
    void socket.write(answer('200 OK', 'application/json', '[{"Id":"0', 1_000), () => socket.destroy()),
  /** Falls silent in the middle of its answer. */
  'silent within': (socket: Socket) => void socket.write(answer('200 OK', 'application/json', '[{"Id":"0', 1_000)),
} as const;

export type Behaviour = keyof typeof BEHAVIOURS;

/** The code with which a call ends that is answered so at once. */
export const CODES = {
  html: 'CHAOS_ENGINE_ANSWER',
  'other json': 'CHAOS_ENGINE_ANSWER',
  'too old': 'CHAOS_ENGINE_REFUSED',
  'no http': 'CHAOS_ENGINE_ANSWER',
  'dies at once': 'CHAOS_ENGINE_UNREACHABLE',
} as const satisfies Partial<Record<Behaviour, string>>;

/** A thing at an engine's address: a real socket, and no engine behind it. */
export interface FakeEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly path: string;
  /** Resolves when every connection so far has ended. */
  idle(): Promise<void>;
}

/** Starts one. `behaviour` may be a function, for a test with a conversation of its own. */
export async function fakeEngine(
  behaviour: Behaviour | ((socket: Socket, request: string) => void),
): Promise<FakeEngine> {
  const path = join(mkdtempSync(join(tmpdir(), 'engine-')), 'docker.sock');
  const act = typeof behaviour === 'function' ? behaviour : BEHAVIOURS[behaviour];
  const open = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    open.add(ended);
    void ended.then(() => open.delete(ended) && sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => act(socket, chunk.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    path,
    idle: async () => void (await Promise.all(open)),
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      if (existsSync(path)) await new Promise((resolve) => server.close(resolve));
    },
  };
}
