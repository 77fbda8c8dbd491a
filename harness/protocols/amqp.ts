import type { Protocol } from '../core/kinds/protocol.ts';

const HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
/** A frame of a method on channel 0. Its length is in bytes 3 to 6, and 8 bytes are around its content. */
const METHOD = 1;

const amqp: Protocol = {
  name: 'amqp',
  summary: 'AMQP 0-9-1, as RabbitMQ speaks it: its header, which the server answers with Connection.Start.',
  greeting: () => HEADER,
  answer(got) {
    // A server that wants another version answers with the header of its own.
    if (got[0] !== METHOD) return { refused: 'not AMQP 0-9-1' };
    return got.length >= 7 && got.length >= got.readUInt32BE(3) + 8 ? 'whole' : undefined;
  },
  // Tried with RabbitMQ 3.10: it ends a connection without a login after 10 s. It logs each such connection, and counts
  // none of them against the client.
  heldMs: 8_000,
};
export default amqp;
