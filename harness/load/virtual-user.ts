import type { Attempt } from './attempt.ts';
import { openCannon, type Cannon } from './cannon.ts';
import { failureOutcome, type FailureOutcome } from './failure.ts';
import type { Ledger } from './ledger.ts';
import type { Mix } from './mix.ts';

export interface UserParts {
  readonly baseUrl: string;
  readonly mix: Mix;
  readonly ledger: Ledger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly timeoutMs: number;
  /** Between an answer and the next request. */
  readonly thinkMs: number;
}

/**
 * One closed-loop user: asks, waits for the end of it, thinks, asks again. A connection that failed is not repaired but
 * replaced when the next request is due, so that no failure can be retried faster than the user thinks.
 */
export class VirtualUser {
  readonly #parts: UserParts;
  #cannon: Cannon | undefined;
  #attempt: Attempt | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: UserParts) {
    this.#parts = parts;
  }

  /** First request after `delayMs`. */
  start(delayMs: number): void {
    this.#wait(delayMs);
  }

  /** Asks no more; a request under way still comes to its end. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#attempt !== undefined) return;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #wait(delayMs: number): void {
    const due = this.#parts.now() + delayMs;
    this.#timer = setTimeout(() => this.#ask(due), delayMs);
  }

  #ask(due: number): void {
    const { mix, ledger, timeoutMs } = this.#parts;
    const attempt = ledger.plan(mix.next(), 'pressure', due);
    this.#attempt = attempt;
    this.#timer = setTimeout(() => this.#fail('timeout'), timeoutMs);
    ledger.sent(attempt);
    ledger.written(attempt);
    if (this.#cannon === undefined) this.#cannon = this.#open(attempt);
    else this.#cannon.send();
  }

  #open(first: Attempt): Cannon {
    const { baseUrl, ledger, now } = this.#parts;
    return openCannon(baseUrl, {
      request: () => (this.#attempt ?? first).request,
      onFirstByte: () => {
        if (this.#attempt !== undefined) this.#attempt.firstByte = now();
      },
      onAnswer: (status, body) => {
        if (this.#attempt !== undefined) ledger.answered(this.#attempt, now(), status, body);
        this.#think();
      },
      onError: (error) => this.#fail(failureOutcome(error, this.#begun)),
      onClosed: () => this.#fail(this.#begun ? 'truncated' : 'closed'),
    });
  }

  get #begun(): boolean {
    return !Number.isNaN(this.#attempt?.firstByte ?? NaN);
  }

  #fail(outcome: FailureOutcome): void {
    this.#drop();
    const attempt = this.#attempt;
    // An idle connection that went away owes no answer.
    if (attempt === undefined) return;
    if (outcome === 'refused' || outcome === 'dropped') attempt.written = false;
    this.#parts.ledger.failed(attempt, outcome);
    this.#think();
  }

  #think(): void {
    clearTimeout(this.#timer);
    this.#attempt = undefined;
    if (this.#stopped) this.#drop();
    else this.#wait(this.#parts.thinkMs);
  }

  #drop(): void {
    this.#cannon?.destroy();
    this.#cannon = undefined;
  }
}
