import type { Clock } from '../core/clock.ts';
import { unlessAborted } from '../core/deadline.ts';
import type { RunEvent } from '../core/events.ts';
import type { Phase } from '../core/phases.ts';

/** A run's steps and phases, told as they go; nothing new begins once it is asked to end. */
export class Progress {
  readonly #clock: Clock;
  readonly #emit: (event: RunEvent) => void;
  readonly #signal: AbortSignal;

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

  /** A question that may hang: asked to end, the run leaves it behind and goes on to heal. */
  answered<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.#signal, work);
  }
}
