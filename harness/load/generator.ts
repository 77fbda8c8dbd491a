import type { Attempt } from './attempt.ts';
import type { FailureOutcome } from './failure.ts';
import { Fifo } from './fifo.ts';
import type { Ledger } from './ledger.ts';
import type { Stream } from './stream.ts';
import type { Exchange, Pending, Transport } from './transport.ts';

export interface GeneratorParts {
  readonly stream: Stream;
  readonly transport: Transport;
  readonly ledger: Ledger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Epoch milliseconds of the stream's moment 0. */
  readonly start: number;
  readonly timeoutMs: number;
  /** More than these at a time are not sent but recorded as dropped. */
  readonly maxInFlight: number;
}

/** A request that was sent: what the transport tells of it goes to the ledger. */
class Flight implements Exchange {
  readonly attempt: Attempt;
  readonly deadline: number;
  readonly #ledger: Ledger;
  pending: Pending | undefined;

  constructor(attempt: Attempt, deadline: number, ledger: Ledger) {
    this.attempt = attempt;
    this.deadline = deadline;
    this.#ledger = ledger;
  }

  onSent(): void {
    this.#ledger.sent(this.attempt);
  }

  onWritten(): void {
    this.#ledger.written(this.attempt);
  }

  onFirstByte(at: number): void {
    this.attempt.firstByte = at;
  }

  onAnswer(at: number, status: number, body: () => string): void {
    this.#ledger.answered(this.attempt, at, status, body);
  }

  onFailure(outcome: FailureOutcome, status: number): void {
    this.#ledger.failed(this.attempt, outcome, status);
  }

  giveUp(): void {
    this.pending?.abandon();
    this.#ledger.failed(this.attempt, 'timeout');
  }
}

/**
 * The open stream: sends every request that is due, whatever became of those before it, and gives up on each when its
 * time is over. It owns no timer: call `tick` whenever `tick` said, or earlier.
 */
export class Generator {
  readonly #parts: GeneratorParts;
  /** In the order in which they were sent, which, the timeout being the same for all, is that of their deadlines. */
  readonly #flights = new Fifo<Flight>();
  #stopped = false;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
  }

  /** Sends what is due, ends what is overdue; answers the epoch milliseconds at which there is more to do, Infinity for never. */
  tick(): number {
    this.#sendDue();
    this.#expire();
    return Math.min(this.#nextDue(), this.#flights.first?.deadline ?? Infinity);
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
    return this.#stopped ? Infinity : this.#parts.start + this.#parts.stream.due;
  }

  #sendDue(): void {
    const { now } = this.#parts;
    for (let due = this.#nextDue(); due !== Infinity; due = this.#nextDue()) {
      const at = now();
      if (due > at) break;
      this.#send(due, at);
    }
  }

  #send(due: number, at: number): void {
    const { stream, transport, ledger, maxInFlight, timeoutMs } = this.#parts;
    const full = ledger.inFlight('open') >= maxInFlight;
    const request = stream.take();
    const attempt = ledger.plan(request, 'open', due);
    if (full) {
      ledger.failed(attempt, 'dropped');
      return;
    }
    const flight = new Flight(attempt, at + timeoutMs, ledger);
    flight.pending = transport.send(request, flight);
    this.#flights.push(flight);
  }

  #expire(): void {
    const at = this.#parts.now();
    for (;;) {
      const flight = this.#flights.first;
      if (flight === undefined || (!flight.attempt.ended && flight.deadline > at)) break;
      this.#flights.shift();
      if (!flight.attempt.ended) flight.giveUp();
    }
  }
}
