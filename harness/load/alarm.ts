import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ClockOrigin } from './thread-clock.ts';

/** What an alarm clock's thread is started with. */
export interface AlarmInit {
  readonly origin: ClockOrigin;
  /** Two Int32: how often the alarm was set, and 1 while the clock waits for that. */
  readonly flags: SharedArrayBuffer;
  /** One double: when to ring, epoch milliseconds. */
  readonly at: SharedArrayBuffer;
  readonly restMs: number;
}

export const TIMES_SET = 0;
export const WAITING = 1;

/**
 * A timer of a tenth of a millisecond. Node's own are a millisecond coarse, so that half of all requests would leave more
 * than 0.5 ms late; spinning costs a processor. This one is a thread that sleeps on a futex and then wakes the loop with
 * a message, so that answers are never kept waiting either. It rings once for each time that it is set.
 */
export class Alarm implements AsyncDisposable {
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #at = new Float64Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  private constructor(origin: ClockOrigin, restMs: number) {
    const init: AlarmInit = { origin, flags: this.#flags.buffer, at: this.#at.buffer, restMs };
    this.#worker = new Worker(new URL('./alarm-thread.ts', import.meta.url), {
      name: 'chaos-alarm',
      workerData: init,
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 },
    });
  }

  /**
   * Resolves once the thread runs: to start one takes a tenth of a second on a busy machine. After a ring the clock rests
   * for `restMs`: what falls due within it leaves together, so late at most.
   */
  static async open(origin: ClockOrigin, restMs: number, ring: () => void): Promise<Alarm> {
    const alarm = new Alarm(origin, restMs);
    await once(alarm.#worker, 'message');
    alarm.#worker.on('message', ring);
    return alarm;
  }

  /** To ring at this moment, epoch milliseconds, or as soon after it as the clock has rested from its last ring. */
  set(at: number): void {
    this.#at[0] = at;
    Atomics.add(this.#flags, TIMES_SET, 1);
    if (Atomics.load(this.#flags, WAITING) === 1) Atomics.notify(this.#flags, TIMES_SET);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
