import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Deed, StubCommand, StubOptions, StubReport, StubRequest, StubSpan } from './stub.ts';

/** A server that records exactly what it did. stub.ts runs it in a process of its own. */
const options = JSON.parse(process.argv[2] ?? '{}') as StubOptions;
const BODY = JSON.stringify({ id: 7, version: 3, vendor: {}, upcoming: [] });
const HEADERS = { 'content-type': 'application/json', 'content-length': BODY.length };

const requests: StubRequest[] = [];
const spans: StubSpan[] = [];
let received = 0;
/** Answers that are due during a freeze. Undefined when there is no freeze. */
let held: (() => unknown)[] | undefined;

const now = (): number => performance.timeOrigin + performance.now();
const isNth = (nth: number | undefined): boolean => nth !== undefined && received % nth === 0;

/** Ends a request in the way that the options ask for. Calls `done` with that way. */
function end(request: IncomingMessage, response: ServerResponse, done: (did: Deed) => void): void {
  if (request.socket.destroyed) return done('gone');
  if (isNth(options.stallEvery)) return done('stalled');
  if (isNth(options.closeEvery)) {
    request.socket.end();
    return done('closed');
  }
  if (isNth(options.truncateEvery)) {
    response.writeHead(200, HEADERS);
    response.write(BODY.slice(0, 10), () => request.socket.end());
    return done('truncated');
  }
  if (isNth(options.rejectEvery)) {
    response.writeHead(400).end('{"error":{}}');
    return done('rejected');
  }
  if (isNth(options.turnAwayEvery)) {
    response.writeHead(503, { 'retry-after': '1' }).end('{"error":{}}');
    return done('turned away');
  }
  if (isNth(options.wrongEvery)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"message":"hello"}');
    return done('wrong');
  }
  response.writeHead(200, HEADERS);
  const answer = (): void => {
    response.end(BODY);
    done('answered');
  };
  if (options.bodyMs === undefined) return answer();
  response.flushHeaders();
  setTimeout(answer, options.bodyMs);
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const arrived = now();
  const id = String(request.headers['x-request-id']);
  request.resume();
  request.on('end', () => {
    const answer = (): void => {
      received += 1;
      end(request, response, (did) => requests.push({ id, did, arrived, ended: now() }));
    };
    setTimeout(() => (held === undefined ? answer() : held.push(answer)), options.latencyMs);
  });
});
const report = (message: StubReport): void => void process.send?.(message);

let refusing = false;
// A connection that the system took just before the server closed still arrives, and would be served.
server.on('connection', (socket) => refusing && socket.destroy());

function refuse(ms: number): void {
  const { port } = server.address() as AddressInfo;
  refusing = true;
  server.close(() => {
    // Only now nobody is served any more.
    const from = now();
    setTimeout(() => {
      refusing = false;
      server.listen(port, '127.0.0.1', () => spans.push({ did: 'refused', from, until: now() }));
    }, ms);
  });
  server.closeAllConnections();
}

function freeze(ms: number): void {
  const from = now();
  held = [];
  setTimeout(() => {
    const answers = held ?? [];
    held = undefined;
    spans.push({ did: 'froze', from, until: now() });
    for (const answer of answers) answer();
  }, ms);
}

process.on('message', (command: StubCommand) => {
  if (command.tell === 'log') report({ kind: 'log', log: { requests, spans } });
  else if (command.tell === 'refuse') refuse(command.ms);
  else freeze(command.ms);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  server.removeAllListeners('listening');
  report({ kind: 'listening', port: (server.address() as AddressInfo).port });
});
