import type { Protocol } from '../core/kinds/protocol.ts';

const START = Buffer.from('HTTP/');
/** The most bytes of padding in a question. A server takes a request head of about 8 KB at most. */
const MOST_BYTES = 6_000;

const http: Protocol = {
  name: 'http',
  summary: 'HTTP/1: GET of a path. Any status is an answer.',
  greeting: ({ host, path = '/', stays = false }) =>
    Buffer.from(`GET ${path} HTTP/1.${stays ? 1 : 0}\r\nHost: ${host}\r\n\r\n`),
  answer(got) {
    const start = START.subarray(0, got.length);
    return got.subarray(0, START.length).equals(start) ? 'whole' : { refused: 'not HTTP' };
  },
  again(got) {
    const text = got.toString('latin1');
    const end = text.indexOf('\r\n\r\n') + 4;
    if (end < 4) return false;
    const [, length] = /^content-length: *(\d+)/im.exec(text.slice(0, end)) ?? [];
    if (length !== undefined) return text.length >= end + Number(length);
    return !/^transfer-encoding: *chunked/im.test(text.slice(0, end)) || text.endsWith('0\r\n\r\n');
  },
  echo({ host }, bytes) {
    const padding = `x-padding: ${'x'.repeat(Math.min(bytes, MOST_BYTES))}`;
    return { send: Buffer.from(`GET / HTTP/1.0\r\nHost: ${host}\r\n${padding}\r\n\r\n`) };
  },
  body(got) {
    const text = got.toString('utf8');
    return text.slice(text.indexOf('\r\n\r\n') + 4);
  },
};
export default http;
