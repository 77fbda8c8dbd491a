import type { AbortedBy } from '../core/record/events.ts';

export type Interrupter = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Why a run was ended early, when the reason is no signal. */
export interface Abort {
  readonly by: AbortedBy;
  /** One sentence, with the values that led to it. */
  readonly message: string;
}

/** A request to end the run early: in order, or in a hurry. */
export class Interruption {
  readonly #soon = new AbortController();
  #undoAtOnce: () => Promise<void> = () => Promise.resolve();
  #by: Interrupter | undefined;
  #abort: Abort | undefined;
  #times = 0;

  /** Aborted at the first call of `interrupt` or `abort`. No undo step and no audit for residue listens to it. */
  get signal(): AbortSignal {
    return this.#soon.signal;
  }

  get by(): Interrupter | undefined {
    return this.#by;
  }

  /** The reason of the first call of `abort`. */
  get aborted(): Abort | undefined {
    return this.#abort;
  }

  /** Sets the function that undoes everything in force in a hurry. */
  onHurry(undoAtOnce: () => Promise<void>): void {
    this.#undoAtOnce = undoAtOnce;
  }

  /** Starts every undo at once, whatever else is under way. Resolves when each undo has ended, which may be never. */
  hurry(): Promise<void> {
    return this.#undoAtOnce();
  }

  /** A signal has come. Returns how many have come so far. */
  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#by ??= by;
    this.#soon.abort(new Error(`interrupted by ${by}`));
    return this.#times;
  }

  /** Ends the run in order. An aborted run has a verdict of its own, ABORTED. */
  abort(abort: Abort): void {
    this.#abort ??= abort;
    this.#soon.abort(new Error(abort.message));
  }
}
