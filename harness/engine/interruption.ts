export type Interrupter = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Someone wants the run to end: the first time in order, the second time in a hurry. */
export class Interruption {
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  #by: Interrupter | undefined;
  #times = 0;

  /** Aborted at the first call of `interrupt`. Healing never listens to it. */
  get signal(): AbortSignal {
    return this.#soon.signal;
  }

  get by(): Interrupter | undefined {
    return this.#by;
  }

  /** Aborted at the second call: what is not healing is to be left out, the wait for health and the reports. */
  get hurry(): AbortSignal {
    return this.#now.signal;
  }

  /** Answers how often it was called. */
  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#by ??= by;
    this.#soon.abort(new Error(`interrupted by ${by}`));
    if (this.#times > 1) this.#now.abort(new Error('in a hurry'));
    return this.#times;
  }
}
