import type { Arrivals } from './arrivals.ts';
import type { Attempt } from './attempt.ts';
import type { Ledger } from './ledger.ts';
import type { Mix } from './mix.ts';
import type { Transport } from './transport.ts';

interface Flight {
  readonly attempt: Attempt;
  readonly deadline: number;
  readonly abandon: () => void;
}

export interface GeneratorParts {
  readonly arrivals: Arrivals;
  readonly mix: Mix;
  readonly transport: Transport;
  readonly ledger: Ledger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Epoch milliseconds of arrival 0's origin. */
  readonly start: number;
  readonly timeoutMs: number;
  /** More than these at a time are not sent but recorded as dropped. */
  readonly maxInFlight: number;
}

/**
 * The open stream: sends every request that is due, whatever became of those before it, and gives up on each when its
 * time is over. It owns no timer: call `tick` whenever `tick` said, or earlier.
 */
export class Generator {
  readonly #parts: GeneratorParts;
  /** In the order in which they were sent, which, the timeout being the same for all, is that of their deadlines. */
  #flights: Flight[] = [];
  #head = 0;
  #next = 0;
  #stopped = false;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
  }

  /** Sends what is due, ends what is overdue; answers the epoch milliseconds at which there is more to do, Infinity for never. */
  tick(): number {
    this.#sendDue();
    this.#expire();
    return Math.min(this.#nextDue(), this.#flights[this.#head]?.deadline ?? Infinity);
  }

  /** Plans what is due by now, and nothing after it. */
  stop(): void {
    this.#sendDue();
    this.#stopped = true;
  }

  /** More is to be sent. */
  get planning(): boolean {
    return this.#nextDue() !== Infinity;
  }

  /** Nothing more is to be sent, and nothing is under way. */
  get finished(): boolean {
    return !this.planning && this.#parts.ledger.inFlight('open') === 0;
  }

  #nextDue(): number {
    return this.#stopped ? Infinity : this.#parts.start + this.#parts.arrivals.due(this.#next);
  }

  #sendDue(): void {
    const { now } = this.#parts;
    for (let due = this.#nextDue(); due <= now(); due = this.#nextDue()) {
      this.#next += 1;
      this.#send(due);
    }
  }

  #send(due: number): void {
    const { mix, transport, ledger, maxInFlight, now, timeoutMs } = this.#parts;
    const full = ledger.inFlight('open') >= maxInFlight;
    const request = mix.next();
    const attempt = ledger.plan(request, 'open', due);
    if (full) {
      ledger.failed(attempt, 'dropped');
      return;
    }
    const deadline = now() + timeoutMs;
    const abandon = transport.send(request, {
      onSent: () => ledger.sent(attempt),
      onWritten: () => ledger.written(attempt),
      onFirstByte: () => (attempt.firstByte = now()),
      onAnswer: (status, body) => ledger.answered(attempt, status, body),
      onFailure: (outcome, status) => ledger.failed(attempt, outcome, status),
    });
    this.#flights.push({ attempt, deadline, abandon });
  }

  #expire(): void {
    const { ledger, now } = this.#parts;
    const at = now();
    for (;;) {
      const flight = this.#flights[this.#head];
      if (flight === undefined || (!flight.attempt.ended && flight.deadline > at)) break;
      this.#head += 1;
      if (flight.attempt.ended) continue;
      flight.abandon();
      ledger.failed(flight.attempt, 'timeout');
    }
    if (this.#head > 1_024) {
      this.#flights = this.#flights.slice(this.#head);
      this.#head = 0;
    }
  }
}
