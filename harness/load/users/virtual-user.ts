import type { Trust } from '../../core/load/load.ts';
import type { Attempt } from '../attempt.ts';
import { openCannon, type Cannon, type CannonListener } from './cannon.ts';
import { closedUnder, type Before, type Failure, failureOf } from '../failure.ts';
import type { Ledger } from '../ledger.ts';
import type { Mix } from '../mix.ts';

export interface UserParts {
  readonly baseUrl: string;
  readonly trust?: Trust | undefined;
  readonly mix: Mix;
  readonly ledger: Ledger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly timeoutMs: number;
  /** Milliseconds between the end of a request and the next request. */
  readonly thinkMs: number;
}

/**
 * One closed-loop user. It sends a request, waits for its end, thinks, and sends the next request. A failed connection
 * is replaced only when the next request is due, so a failure is never retried faster than the user thinks.
 */
export class VirtualUser {
  readonly #parts: UserParts;
  #cannon: Cannon | undefined;
  #attempt: Attempt | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** The connection has carried an answer. */
  #used = false;

  constructor(parts: UserParts) {
    this.#parts = parts;
  }

  /** Sends the first request after `delayMs` milliseconds. */
  start(delayMs: number): void {
    this.#wait(delayMs);
  }

  /** Sends nothing more. A request under way still ends. */
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
    this.#timer = setTimeout(() => this.#fail({ outcome: 'timeout', status: 0 }), timeoutMs);
    ledger.sent(attempt);
    ledger.written(attempt);
    if (this.#cannon === undefined) this.#cannon = this.#open(attempt);
    else this.#cannon.send();
  }

  #open(first: Attempt): Cannon {
    const { baseUrl, trust, ledger, now } = this.#parts;
    const listener: CannonListener = {
      request: () => (this.#attempt ?? first).request,
      onFirstByte: () => {
        if (this.#attempt !== undefined) this.#attempt.firstByte = now();
      },
      onAnswer: (head, body) => {
        if (this.#attempt !== undefined) ledger.answered(this.#attempt, now(), head, body);
        this.#used = true;
        this.#think();
      },
      onError: (error) => this.#fail(failureOf(error, this.#before)),
      onClosed: () => this.#fail(closedUnder(this.#before)),
    };
    return openCannon(baseUrl, listener, trust);
  }

  /** autocannon does not tell the status before the answer is whole. */
  get #before(): Before {
    return { status: 0, begun: !Number.isNaN(this.#attempt?.firstByte ?? NaN), reused: this.#used };
  }

  #fail({ outcome, status }: Failure): void {
    this.#drop();
    const attempt = this.#attempt;
    // The connection was idle: no request ends with it.
    if (attempt === undefined) return;
    if (outcome === 'refused' || outcome === 'dropped') attempt.written = false;
    this.#parts.ledger.failed(attempt, outcome, status);
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
    this.#used = false;
  }
}
