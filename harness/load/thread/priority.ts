import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/**
 * Real-time priorities, from 1: a thread interrupts threads of lower priority, and everything under test has none. Linux
 * gives them to root only.
 *
 * usual: of the load and of its whole process. Measured on two cores beside three busy loops: lag p99 was 1.5 ms with a
 * real-time priority, and 8 to 23 ms without it. A nice value of -20 did not help, because Linux weighs nice values within
 * one session only.
 *
 * The thread of the load needs the other threads of its process: to write samples it takes a lock of libuv's
 * threads, to compile it takes a lock of V8's helpers, and to collect garbage it waits for a helper that compiles. Whoever
 * has the lock gets no time on a full host, so the load waited for up to 0.6 s (measured with `perf sched` while 550
 * requests a second for /metrics filled two cores). They have the same priority: libuv spins while another thread is in the
 * middle of waking a loop, and on one processor a thread of lower priority would never come to its end.
 */
export const PRIORITY = { usual: 1, alarm: 2 } as const;

const LIMIT_MS = 2_000;

/** Resolves to false when the priority cannot be changed. */
async function change(...how: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)('chrt', how, { timeout: LIMIT_MS });
    return true;
  } catch {
    return false;
  }
}

/** Threads and processes that a thread with priority starts do not get the priority. */
const AHEAD = ['--rr', '--reset-on-fork'];

/** Gives this thread a priority. Resolves to false when that is not allowed: a full host may make the load late then. */
export async function runAheadOfOthers(priority: number): Promise<boolean> {
  try {
    const thread = basename(readlinkSync('/proc/thread-self'));
    return await change(...AHEAD, '--pid', String(priority), thread);
  } catch {
    return false;
  }
}

/** How many loads of this process need its priority now. */
let needed = 0;

/**
 * Gives every thread that this process has now the priority `PRIORITY.usual`, until all that was returned is disposed of.
 * To be called before the thread of a load is started.
 */
export async function keepProcessAhead(): Promise<AsyncDisposable> {
  const pid = String(process.pid);
  needed += 1;
  if (needed === 1) await change(...AHEAD, '--all-tasks', '--pid', String(PRIORITY.usual), pid);
  let disposed = false;
  return {
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      needed -= 1;
      if (needed === 0) await change('--other', '--all-tasks', '--pid', '0', pid);
    },
  };
}
