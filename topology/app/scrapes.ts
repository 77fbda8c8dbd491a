import { sleep } from './time.ts';
import type { Time } from './time.ts';

/** A Prometheus that read the figures within this time is expected to read them again. It is three times its interval here. */
const WATCHED_MS = 15_000;
/** The longest wait for a reading: the interval of Prometheus here, and a second more. */
const WAIT_MS = 6000;
const LOOK_MS = 50;

/**
 * Knows when a Prometheus last read the figures of this process. What a process counts after the last reading is lost with it: the
 * sum over all replicas would then miss requests that were answered.
 */
export class Scrapes {
  readonly #time: Time;
  #last = -Infinity;

  constructor(time: Time) {
    this.#time = time;
  }

  /** To be called when figures are handed out. `by`: the User-Agent. Probes read figures too, and do not keep them. */
  read(by: string | undefined): void {
    if (by?.startsWith('Prometheus/') === true) this.#last = this.#time.now();
  }

  /** Resolves after the next reading: at once when nobody reads the figures, and after 6 s at most. */
  async next(): Promise<void> {
    const since = this.#time.now();
    if (since - this.#last > WATCHED_MS) return;
    while (this.#last <= since && this.#time.now() < since + WAIT_MS) await sleep(this.#time, LOOK_MS);
  }
}
