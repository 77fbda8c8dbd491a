import { parentPort, workerData } from 'node:worker_threads';
import { TIMES_SET, WAITING, type AlarmInit } from './alarm.ts';
import { PRIORITY, runAheadOfOthers } from './priority.ts';
import { clockFrom } from './thread-clock.ts';

const init = workerData as AlarmInit;
const { restMs } = init;
const now = clockFrom(init.origin);
const flags = new Int32Array(init.flags);
const at = new Float64Array(init.at);
const nothing = new Int32Array(new SharedArrayBuffer(4));
/** The value of TIMES_SET at the last ring. */
let rung = 0;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin, windows have
const ring = (): void => parentPort?.postMessage(0);

// This thread's priority is above the priority of the thread that it wakes, because both may share a processor.
await runAheadOfOthers(PRIORITY.alarm);
ring();
for (;;) {
  const set = Atomics.load(flags, TIMES_SET);
  if (set === rung) {
    Atomics.store(flags, WAITING, 1);
    Atomics.wait(flags, TIMES_SET, set);
    Atomics.store(flags, WAITING, 0);
    continue;
  }
  const wait = (at[0] ?? 0) - now();
  if (wait > 0 && Atomics.wait(flags, TIMES_SET, set, wait) !== 'timed-out') continue;
  rung = set;
  ring();
  Atomics.wait(nothing, 0, 0, restMs);
}
