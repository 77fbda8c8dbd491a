import type { AbortedBy } from '../core/events.ts';

export type Interrupter = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Why a run was ended before its time, other than by a signal. */
export interface Abort {
  readonly by: AbortedBy;
  /** One sentence, with the values. */
  readonly message: string;
}

/** Someone wants the run to end: in order, or in a hurry. */
export class Interruption {
  readonly #soon = new AbortController();
  #undoAtOnce: () => Promise<void> = () => Promise.resolve();
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

  /** Whoever has something in force tells how it is undone in a hurry. */
  onHurry(undoAtOnce: () => Promise<void>): void {
    this.#undoAtOnce = undoAtOnce;
  }

  /** Fires every undo at once, whatever else is under way; resolves when each has ended, which may be never. */
  hurry(): Promise<void> {
    return this.#undoAtOnce();
  }

  /** A signal; answers how often it was called. */
  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#by ??= by;
    this.#soon.abort(new Error(`interrupted by ${by}`));
    return this.#times;
  }

  /** The run is to end in order, with a verdict of its own. */
  abort(abort: Abort): void {
    this.#abort ??= abort;
    this.#soon.abort(new Error(abort.message));
  }
}
