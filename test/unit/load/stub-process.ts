import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StubCommand, StubCounts, StubOptions, StubReport } from './stub.ts';

/** A server that knows exactly what it did: run by stub.ts in a process of its own. */
const options = JSON.parse(process.argv[2] ?? '{}') as StubOptions;
const counts = { received: 0, answered: 0, closed: 0, truncated: 0, wrong: 0, rejected: 0 } satisfies Omit<
  StubCounts,
  'repeated'
>;
const seen = new Map<string, number>();
const BODY = JSON.stringify({ id: 7, version: 3, vendor: {}, upcoming: [] });

const isNth = (nth: number | undefined): boolean => nth !== undefined && counts.received % nth === 0;

function answer(request: IncomingMessage, response: ServerResponse): void {
  counts.received += 1;
  const id = String(request.headers['x-request-id']);
  seen.set(id, (seen.get(id) ?? 0) + 1);
  if (isNth(options.closeEvery)) {
    counts.closed += 1;
    request.socket.end();
  } else if (isNth(options.truncateEvery)) {
    counts.truncated += 1;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
    response.write(BODY.slice(0, 10), () => request.socket.end());
  } else if (isNth(options.rejectEvery)) {
    counts.rejected += 1;
    response.writeHead(400).end('{"error":{}}');
  } else if (isNth(options.wrongEvery)) {
    counts.wrong += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"message":"hello"}');
  } else {
    counts.answered += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(BODY);
  }
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on('end', () => setTimeout(() => answer(request, response), options.latencyMs));
});
const report = (message: StubReport): void => void process.send?.(message);

process.on('message', (command: StubCommand) => {
  if (command === 'report') {
    const repeated = [...seen.values()].filter((times) => times > 1).length;
    report({ kind: 'counts', counts: { ...counts, repeated } });
  }
  if (command === 'refuse') {
    const { port } = server.address() as AddressInfo;
    server.close();
    server.closeAllConnections();
    setTimeout(() => server.listen(port, '127.0.0.1'), 1_000);
  }
});
// Frozen or not, it does not outlive the test.
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  server.removeAllListeners('listening');
  report({ kind: 'listening', port: (server.address() as AddressInfo).port });
});
