import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../core/module.ts';
import type { ClockOrigin } from './thread-clock.ts';

/** Start values of an alarm's thread. */
export interface AlarmInit {
  readonly origin: ClockOrigin;
  /** Two Int32: how often the alarm was set, and 1 while the thread waits for the next `set`. */
  readonly flags: SharedArrayBuffer;
  /** One double: when to ring, epoch milliseconds. */
  readonly at: SharedArrayBuffer;
  /** Milliseconds without a ring after each ring. */
  readonly restMs: number;
}

export const TIMES_SET = 0;
export const WAITING = 1;

/**
 * A timer that is exact to a tenth of a millisecond. Node's own timers are exact to a millisecond, so half of all
 * requests would leave more than 0.5 ms late. Spinning would cost a processor. This timer is a thread that sleeps on a
 * futex and then wakes the event loop with a message, so answers do not wait either. It rings once for each `set`.
 */
export class Alarm implements AsyncDisposable {
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #at = new Float64Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  private constructor(origin: ClockOrigin, restMs: number) {
    const init: AlarmInit = { origin, flags: this.#flags.buffer, at: this.#at.buffer, restMs };
    this.#worker = new Worker(moduleBeside('./alarm-thread', import.meta.url), {
      name: 'chaos-alarm',
      workerData: init,
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 },
    });
  }

  /**
   * Resolves when the thread runs: starting a thread takes a tenth of a second on a busy machine. After a ring the
   * alarm rests for `restMs` milliseconds. What falls due during the rest leaves together, up to `restMs` late.
   */
  static async open(origin: ClockOrigin, restMs: number, ring: () => void): Promise<Alarm> {
    const alarm = new Alarm(origin, restMs);
    await once(alarm.#worker, 'message');
    alarm.#worker.on('message', ring);
    return alarm;
  }

  /** Sets the alarm to ring at `at`, epoch milliseconds. It rings later when it still rests from its last ring. */
  set(at: number): void {
    this.#at[0] = at;
    Atomics.add(this.#flags, TIMES_SET, 1);
    if (Atomics.load(this.#flags, WAITING) === 1) Atomics.notify(this.#flags, TIMES_SET);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
