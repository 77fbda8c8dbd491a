import type { Protocol } from '../core/kinds/protocol.ts';

const MOST_BYTES = 262_144;
/** Errors after which a client gets nothing from this server. Every other error is an answer, "log in first" too. */
const REFUSALS: Readonly<Record<string, string>> = {
  '-ERR max number of clients': 'too many clients',
  '-LOADING': 'still loads its data',
};

const redis: Protocol = {
  name: 'redis',
  summary: 'Redis and what speaks its protocol: PING, and ECHO for many bytes.',
  greeting: () => Buffer.from('PING\r\n'),
  answer(got) {
    if (got[0] === '+'.charCodeAt(0)) return 'whole';
    const text = got.toString('latin1');
    if (!text.includes('\n')) return undefined;
    const refusal = Object.keys(REFUSALS).find((start) => text.startsWith(start));
    return refusal === undefined ? 'whole' : { refused: REFUSALS[refusal] ?? '' };
  },
  again: (got) => got.includes('\n'),
  echo(_peer, bytes) {
    const length = Math.min(bytes, MOST_BYTES);
    const send = Buffer.from(`*2\r\n$4\r\nECHO\r\n$${length}\r\n${'x'.repeat(length)}\r\n`);
    return { send, whole: (got) => got.length >= `$${length}\r\n\r\n`.length + length };
  },
};
export default redis;
