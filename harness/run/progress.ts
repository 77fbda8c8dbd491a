import type { Clock } from '../core/clock.ts';
import { unlessAborted } from '../core/deadline.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { Phase } from '../core/plan/phases.ts';

/** Records the steps and phases of a run as they happen. No step begins once the run is asked to end. */
export class Progress {
  readonly #clock: Clock;
  readonly #emit: (event: RunEvent) => void;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(clock: Clock, emit: (event: RunEvent) => void, signal: AbortSignal) {
    this.#clock = clock;
    this.#emit = emit;
    this.#signal = signal;
  }

  async step(step: string, work: () => Promise<void>): Promise<void> {
    const begun = this.#clock.now();
    this.#signal.throwIfAborted();
    await work();
    const t = this.#clock.now();
    this.#emit({ t, kind: 'topology', step, ms: t - begun });
  }

  async phase(phase: Phase, during: () => Promise<void>): Promise<void> {
    this.#emit({ t: this.#clock.now(), kind: 'phase.started', phase });
    try {
      await during();
    } finally {
      this.#emit({ t: this.#clock.now(), kind: 'phase.ended', phase });
    }
  }

  /**
   * Waits for work that may hang. When the run is asked to end, the wait ends at once with an error, and the work is
   * left behind, so that the run can heal.
   */
  answered<T>(work: Promise<T>): Promise<T> {
    const ended = work.catch(() => undefined);
    this.#pending.add(ended);
    void ended.then(() => this.#pending.delete(ended));
    return unlessAborted(this.#signal, work);
  }

  /** Resolves when all work given to `answered` has ended, also the work that was left behind. */
  async leftBehind(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
