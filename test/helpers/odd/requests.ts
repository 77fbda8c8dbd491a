import type { Random } from '../../../harness/core/random.ts';
import { oddBody, WRITES } from './bodies.ts';
import { noise, one, whole } from './choose.ts';
import { oddTarget } from './targets.ts';

/** Bytes for one connection, and what the client does when it has written them. */
export interface OddRequests {
  /** Each is written by itself. */
  readonly pieces: readonly Buffer[];
  /** wait: for answers. half-close: says that nothing more comes. reset: breaks the connection off at once. */
  readonly ends: 'wait' | 'half-close' | 'reset';
}

const METHODS: readonly [string, ...string[]] = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'M-SEARCH',
  'PRI',
  'get',
  'FOO',
  '',
];

const VERSIONS: readonly [string, ...string[]] = [
  ' HTTP/1.1',
  ...Array.from({ length: 40 }, () => ' HTTP/1.1'),
  ' HTTP/1.0',
  ' HTTP/2.0',
  ' HTTP/0.9',
  ' HTTP/1.1 ',
  ' http/1.1',
  '',
];

const HEADERS: readonly [string, ...string[]] = [
  'connection: close',
  'connection: keep-alive, close, upgrade',
  'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: AAAA\r\nsec-websocket-version: 13',
  'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__',
  'expect: 100-continue',
  'expect: a miracle',
  'x-request-id: odd-1',
  'x-request-id: a\r\nx-request-id: b',
  'x-request-id: \u00ff\u00fe',
  `x-request-id: ${'r'.repeat(5_000)}`,
  'idempotency-key: a\r\nidempotency-key: b',
  'idempotency-key: \u00fc',
  `idempotency-key: ${'k'.repeat(201)}`,
  'idempotency-key:',
  'if-none-match: *',
  'if-none-match: "\u00ff"',
  'host:',
  'host: a\r\nhost: b',
  'host: [',
  'content-length: -1',
  'content-length: 1, 1',
  'content-length: 999999999999999999999',
  'content-length: 5\r\ntransfer-encoding: chunked',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: x',
  'te: trailers\r\ntrailer: x',
  'accept-encoding: gzip;q=x, *;q=0',
  'range: bytes=9-1,,-0',
  'cookie: =;=;;\u00ff=\u00ff',
  '__proto__: x',
  'x odd: x',
  'x: \0',
  ' folded: x',
  'x: a\r\n b',
  'x:\tb\t',
  'no colon',
  ': no name',
  `x: ${'y'.repeat(20_000)}`,
  Array.from({ length: 300 }, (_, i) => `x-${i}: ${i}`).join('\r\n'),
];

function headers(random: Random): string[] {
  const some = Array.from({ length: one(random, [0, 0, 0, 0, 1, 1, 2, 3]) }, () => one(random, HEADERS));
  return random() < 0.9 ? ['host: wedsync', ...some] : some;
}

/** Returns bodies in chunks: whole, with a wrong size, without an end, or with trailers. */
function chunked(random: Random, body: string): string {
  const size = one(random, [body.length.toString(16), 'fffffff', '-1', 'x', '5;a="b"', '']);
  return `${size}\r\n${body}\r\n${one(random, ['0\r\n\r\n', '', '0\r\nx: y\r\n\r\n', '0\r\n: \0\r\n\r\n'])}`;
}

function oneRequest(random: Random, id: string): string {
  if (random() < 0.02) return noise(random, 300, false);
  const writes = random() < 0.4;
  const write = one(random, WRITES);
  const [method, target] = writes && random() < 0.8 ? write.line : [one(random, METHODS), oddTarget(random)];
  const body = writes ? oddBody(random, write) : random() < 0.1 ? noise(random, 50, false) : '';
  const lines = [`${method} ${target}${one(random, VERSIONS)}`, ...headers(random)];
  if (writes && random() < 0.9) lines.push(`idempotency-key: ${id}`, 'content-type: application/json');
  const asChunks = writes && random() < 0.1;
  if (asChunks) lines.push('transfer-encoding: chunked');
  else if (body !== '' && random() < 0.9) {
    const wrong = random() < 0.1 ? whole(random, -2, 2) : 0;
    lines.push(`content-length: ${Math.max(0, body.length + wrong)}`);
  }
  const end = random() < 0.97 ? '\r\n' : '\n';
  return `${lines.join(end)}${end}${end}${asChunks ? chunked(random, body) : body}`;
}

/** Returns the text in up to six pieces. */
function cut(random: Random, text: string): readonly string[] {
  if (random() < 0.7) return [text];
  const cuts = Array.from({ length: whole(random, 1, 5) }, () => whole(random, 0, text.length)).sort((a, b) => a - b);
  return [...cuts, text.length].map((to, i) => text.slice(cuts[i - 1] ?? 0, to)).filter((piece) => piece !== '');
}

/** Returns what a client writes to one connection: one request, or up to eight without a wait for their answers. */
export function oddRequests(random: Random, id: string): OddRequests {
  const count = random() < 0.8 ? 1 : whole(random, 2, 8);
  const all = Array.from({ length: count }, (_, i) => oneRequest(random, `${id}-${i}`)).join('');
  const text = random() < 0.95 ? all : all.slice(0, whole(random, 0, all.length));
  return {
    pieces: cut(random, text).map((piece) => Buffer.from(piece, 'latin1')),
    ends: one(random, ['wait', 'wait', 'wait', 'half-close', 'reset']),
  };
}
