import { connect } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../../harness/core/random.ts';
import { oddRequests, type OddRequests } from './requests.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * A connection that has been silent at so many looks is left. Looks and not a time: a busy machine delays answers too. While bytes
 * of the requests still wait to be sent, nobody can have answered them. An answer takes several turns of the event loop, and on a
 * busy machine one turn takes longer than the time between two looks.
 */
const SILENT_LOOKS = 6;
const TURNS = 10;
/** A server may never read what is sent. */
const MOST_LOOKS = 100;
const LOOK_MS = 20;
const CONNECTIONS = 24;
const STATUS = /HTTP\/1\.[01] (\d{3}) /g;

/** Writes to one connection and returns the status of each answer that came. An error of the connection is no matter. */
async function send({ host, port }: Address, { pieces, ends }: OddRequests): Promise<number[]> {
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
  let answers = '';
  let quiet = 0;
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => {
    answers += bytes.toString('latin1');
    quiet = 0;
  });
  const ended = new Promise<void>((resolve) => void socket.once('close', () => resolve()).once('end', resolve));
  for (const piece of pieces) {
    socket.write(piece);
    await turn();
  }
  if (ends === 'half-close') socket.end();
  const silence = async (): Promise<void> => {
    for (let looks = 0; quiet < SILENT_LOOKS && looks < MOST_LOOKS; looks += 1) {
      await delay(LOOK_MS);
      for (let i = 0; i < TURNS; i += 1) await turn();
      if (socket.writableLength === 0) quiet += 1;
    }
  };
  if (ends !== 'reset') await Promise.race([ended, silence()]);
  socket.destroy();
  return [...answers.matchAll(STATUS)].map(([, status]) => Number(status));
}

/**
 * Sends seeded odd requests over `connections` connections, some of them at the same time. Returns how many answers
 * had each status. `run` keeps the idempotency keys of one call apart from those of another.
 */
export async function sendOdd(
  to: Address,
  connections: number,
  seed: number,
  run: string,
): Promise<Map<number, number>> {
  const random = seededRandom(seed);
  const seen = new Map<number, number>();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < connections) {
      const odd = oddRequests(random, `${run}-${next++}`);
      for (const status of await send(to, odd)) seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return seen;
}
