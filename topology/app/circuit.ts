import type { Time } from './time.ts';
import { sleep, within } from './time.ts';

export interface CircuitOptions {
  /** Rejects while the dependency cannot be used. One probe runs at a time, and never within a request. */
  readonly probe: () => Promise<unknown>;
  readonly time: Time;
  /** Milliseconds between two probes of a dependency that cannot be used. */
  readonly intervalMs: () => number;
}

export type CircuitState = 'open' | 'closed';

/**
 * Remembers whether a dependency can be used: closed means yes, open means no. A circuit is open until its first probe
 * succeeds. trip() opens it again and probes at once, so a false alarm costs milliseconds. Requests never serve as
 * probes.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  #state: CircuitState = 'open';
  #probing = false;
  #stopped = false;
  #since: number;
  #waiting = new Set<() => void>();
  readonly #onChange: ((state: CircuitState, lastedMs: number) => void)[] = [];

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#since = options.time.now();
  }

  /** `call` receives each new state, and how many milliseconds the state before it had lasted. */
  onChange(call: (state: CircuitState, lastedMs: number) => void): void {
    this.#onChange.push(call);
  }

  get state(): CircuitState {
    return this.#state;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  trip(): void {
    if (this.#stopped) return;
    this.#change('open');
    if (!this.#probing) void this.#probe();
  }

  /** Resolves with true as soon as the circuit is closed, or with false when it is still open after `ms`. */
  async whenClosed(ms: number): Promise<boolean> {
    if (this.closed) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    await within(this.#options.time, promise, ms);
    this.#waiting.delete(resolve);
    return this.closed;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    while (!this.#stopped && !this.closed) {
      try {
        await this.#options.probe();
        this.#change('closed');
      } catch {
        await sleep(this.#options.time, this.#options.intervalMs());
      }
    }
    this.#probing = false;
  }

  #change(state: CircuitState): void {
    if (state === this.#state) return;
    this.#state = state;
    const now = this.#options.time.now();
    const lasted = now - this.#since;
    this.#since = now;
    for (const call of this.#onChange) call(state, lasted);
    if (state === 'open') return;
    for (const wake of this.#waiting) wake();
  }
}
