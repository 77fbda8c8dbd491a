export type Interrupter = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Someone wants the run to end: the first time in order, the second time in a hurry. */
export class Interruption {
  readonly #soon = new AbortController();
  #by: Interrupter | undefined;
  #times = 0;

  /** Aborted at the first call of `interrupt`. Healing never listens to it. */
  get signal(): AbortSignal {
    return this.#soon.signal;
  }

  get by(): Interrupter | undefined {
    return this.#by;
  }

  /** True when what is not healing is to be left out: the audit and the reports. */
  get hurried(): boolean {
    return this.#times > 1;
  }

  /** Answers how often it was called. */
  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#by ??= by;
    this.#soon.abort(new Error(`interrupted by ${by}`));
    return this.#times;
  }
}
