import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Lock } from '../../../harness/disk/lock.ts';
import { isAlive, isProcessId, processId } from '../../../harness/disk/process-id.ts';

// A process that takes a lock again and again until its input ends. Into the log it writes "in" and "out", with its own
// number and the number of its claim. Lines are appended whole, so the log has the order of what happened.
const [, , path = '', log = '', seed = '1'] = process.argv;
let state = Number(seed);
/** A linear congruential generator: the waits need no better randomness, and a seed. */
const upTo = (ms: number): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % (ms + 1);

const over = new AbortController();
process.stdin.on('end', () => over.abort()).resume();
const lock = new Lock(path, isProcessId);
const own = processId(process.pid);
const tell = (what: 'in' | 'out' | 'lost', claim: number): void =>
  appendFileSync(log, `${what} ${process.pid} ${claim}\n`);
while (!over.signal.aborted) {
  const claim = lock.take(own, (holder) => !isAlive(holder));
  if (claim === undefined) {
    await delay(upTo(4));
    continue;
  }
  tell('in', claim);
  await delay(upTo(3));
  if (lock.read()?.number !== claim || readFileSync(`${path}/${claim}`, 'utf8') !== JSON.stringify(own))
    tell('lost', claim);
  tell('out', claim);
  lock.release(claim);
  await delay(upTo(6));
}
