import type { Protocol } from '../core/kinds/protocol.ts';

/** First bytes of a packet's payload, after its 4 bytes of length and number. */
const ERROR = 0xff;
const SWITCH = 0xfe;
/** PROTOCOL_41, LONG_PASSWORD, SECURE_CONNECTION and PLUGIN_AUTH. */
const CAPABILITIES = 0x00_08_82_01;
const MOST_PACKET = 0x01_00_00_00;
const UTF8 = 33;

const packet = (number: number, ...parts: readonly Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, payload]);
};

/** A well-formed login of a user that no server should know, with a password of the right length. */
function login(): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(CAPABILITIES, 0);
  head.writeUInt32LE(MOST_PACKET, 4);
  head[8] = UTF8;
  return packet(1, head, Buffer.from(`chaos-witness\0\x14${'x'.repeat(20)}mysql_native_password\0`));
}

const isWhole = (got: Buffer): boolean => got.length >= 4 && got.length >= 4 + got.readUIntLE(0, 3);

const mysql: Protocol = {
  name: 'mysql',
  summary: 'MySQL and MariaDB: a login that the server refuses. It brings each handshake to its end.',
  // An error instead of the handshake: 1129 the host is blocked, 1130 no account may come from there, 1040 too many
  // connections.
  hello(got) {
    if (!isWhole(got)) return undefined;
    return got[4] === ERROR ? { refused: `error ${got.readUInt16LE(5)}` } : 'whole';
  },
  greeting: login,
  answer(got) {
    if (!isWhole(got)) return undefined;
    // MySQL 8 may ask for another kind of password. An empty one is refused at once.
    return got[4] === SWITCH ? { reply: packet((got[3] ?? 0) + 1, Buffer.alloc(1)) } : 'whole';
  },
  // Tried with MariaDB 10.11: a connection that ends before the login counts against the client's host, also when it
  // ends with COM_QUIT. After max_connect_errors (100) such connections the server refuses the whole host, and the
  // witness has the consumer's address. A refused login does not count. After connect_timeout (10 s) without a login
  // the server itself ends the connection, and counts it too.
  countsBreaks: { givesUpMs: 12_000 },
  heldMs: 5_000,
};
export default mysql;
