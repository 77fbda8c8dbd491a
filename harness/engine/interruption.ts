import type { AbortedBy } from '../core/events.ts';

export type Interrupter = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Why a run was ended before its time, other than by a signal. */
export interface Abort {
  readonly by: AbortedBy;
  /** One sentence, with the values. */
  readonly message: string;
}

/** Someone wants the run to end: the first time in order, the second time in a hurry. */
export class Interruption {
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  #by: Interrupter | undefined;
  #abort: Abort | undefined;
  #times = 0;

  /** Aborted at the first call of `interrupt` or `abort`. Healing never listens to it. */
  get signal(): AbortSignal {
    return this.#soon.signal;
  }

  get by(): Interrupter | undefined {
    return this.#by;
  }

  /** The first reason that was given. */
  get aborted(): Abort | undefined {
    return this.#abort;
  }

  /** Aborted at the second signal: what is not healing is to be left out, the wait for health and the reports. */
  get hurry(): AbortSignal {
    return this.#now.signal;
  }

  /** A signal; answers how often it was called. */
  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#by ??= by;
    this.#soon.abort(new Error(`interrupted by ${by}`));
    if (this.#times > 1) this.#now.abort(new Error('in a hurry'));
    return this.#times;
  }

  /** The run is to end in order, with a verdict of its own. */
  abort(abort: Abort): void {
    this.#abort ??= abort;
    this.#soon.abort(new Error(abort.message));
  }
}
