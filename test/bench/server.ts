import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ArrivalReport, ServerCommand, ServerReport } from './trivial.ts';

/**
 * A server on raw sockets that only answers: it must need less processor time than any client that is measured against
 * it. It notes when each request came in. trivial.ts runs it in its own process. With a PEM file as its argument, which
 * has a certificate and its key, it serves TLS.
 */
const BODY = '{"id":1,"version":1}';
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\nconnection: keep-alive\r\n\r\n${BODY}`,
);
const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('content-length: ');
const SLOT_MS = 10;
const SLOTS = 1_000 / SLOT_MS;

/** The number of requests in each slot, counted from the first request. */
let slots: number[] = [];
let first: number | undefined;

function note(): void {
  const now = performance.now();
  first ??= now;
  const slot = Math.floor((now - first) / SLOT_MS);
  slots[slot] = (slots[slot] ?? 0) + 1;
}

/**
 * Returns the bytes of the first request in `data`, or 0 while it is not whole. No client here sends a chunked body.
 */
function requestBytes(data: Buffer): number {
  const end = data.indexOf(HEAD_END);
  if (end === -1) return 0;
  const at = data.indexOf(LENGTH);
  const body = at === -1 || at > end ? 0 : Number.parseInt(data.toString('latin1', at + LENGTH.length, end), 10);
  const all = end + HEAD_END.length + body;
  return all <= data.length ? all : 0;
}

function serve(socket: Socket): void {
  let rest: Buffer | undefined;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    let data = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    for (let size = requestBytes(data); size > 0; size = requestBytes(data)) {
      note();
      socket.write(ANSWER);
      data = data.subarray(size);
    }
    rest = data.length === 0 ? undefined : data;
  });
}

function listening(file: string | undefined): Server {
  if (file === undefined) return createServer({ noDelay: true }, serve);
  const pem = readFileSync(file, 'utf8');
  return createTlsServer({ noDelay: true, cert: pem, key: pem }, serve);
}

const server = listening(process.argv[2]);

/** Takes from each whole second the share of its fullest slot. The first and the last second are not whole. */
function arrivals(): ArrivalReport {
  const shares: number[] = [];
  for (let at = SLOTS; at + 2 * SLOTS <= slots.length; at += SLOTS) {
    const second = Array.from({ length: SLOTS }, (_, i) => slots[at + i] ?? 0);
    shares.push(
      Math.max(...second) /
        Math.max(
          1,
          second.reduce((sum, n) => sum + n, 0),
        ),
    );
  }
  shares.sort((a, b) => a - b);
  return { received: slots.reduce((sum, n) => sum + n, 0), fullestSlot: shares[shares.length >> 1] ?? NaN };
}

const report = (message: ServerReport): void => void process.send?.(message);
process.on('message', (command: ServerCommand) => {
  if (command === 'report') report({ kind: 'arrivals', arrivals: arrivals() });
  slots = [];
  first = undefined;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => report({ kind: 'listening', port: (server.address() as AddressInfo).port }));
