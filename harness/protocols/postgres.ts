import type { Protocol } from '../core/kinds/protocol.ts';

/** A server takes 10,000 bytes before the login at most. */
const MOST_BYTES = 9_900;

const postgres: Protocol = {
  name: 'postgres',
  summary: 'PostgreSQL: asks whether the server speaks TLS, which it answers with one byte before any login.',
  greeting: () => Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
  answer: (got) => (got[0] === 'E'.charCodeAt(0) ? { refused: 'out of processes' } : 'whole'),
  // A server that does not know a protocol option answers with the option's name (NegotiateProtocolVersion).
  echo(_peer, bytes) {
    const option = `_pq_.${'x'.repeat(Math.min(bytes, MOST_BYTES))}`;
    const send = Buffer.from(`\0\0\0\0\0\x03\0\0user\0witness\0${option}\0on\0\0`, 'latin1');
    send.writeInt32BE(send.length);
    return { send, whole: (got) => got.length >= 5 && got.length > got.readInt32BE(1) };
  },
};
export default postgres;
