import type { Attempt } from './attempt.ts';
import type { Failure } from './failure.ts';
import { Fifo } from './thread/fifo.ts';
import type { Ledger } from './ledger.ts';
import type { Stream } from './stream.ts';
import type { AnswerHead } from './http/answer.ts';
import type { Exchange, Pending, Transport } from './http/transport.ts';

export interface GeneratorParts {
  readonly stream: Stream;
  readonly transport: Transport;
  readonly ledger: Ledger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Epoch milliseconds of the stream's moment 0. */
  readonly start: number;
  readonly timeoutMs: number;
  /** When this many requests are in flight, the next request is not sent, and is recorded as dropped. */
  readonly maxInFlight: number;
}

/** A request that was sent. It passes what the transport reports on to the ledger. */
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

  onAnswer(at: number, head: AnswerHead, body: () => string): void {
    this.#ledger.answered(this.attempt, at, head, body);
  }

  onFailure({ outcome, status }: Failure): void {
    this.#ledger.failed(this.attempt, outcome, status);
  }

  giveUp(): void {
    this.pending?.abandon();
    this.#ledger.failed(this.attempt, 'timeout');
  }
}

/**
 * The open stream. It sends every request when it is due, whether or not earlier requests were answered, and gives up a
 * request after the timeout. It owns no timer: call `tick` at the moment that the last `tick` returned, or earlier.
 */
export class Generator {
  readonly #parts: GeneratorParts;
  /** In the order of sending. All requests have the same timeout, so this is also the order of their deadlines. */
  readonly #flights = new Fifo<Flight>();
  #stopped = false;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
  }

  /**
   * Sends what is due and ends what is overdue. Returns the epoch milliseconds at which there is more to do; Infinity
   * when there is nothing more to do.
   */
  tick(): number {
    this.#sendDue();
    this.#expire();
    return Math.min(this.#nextDue(), this.#flights.first?.deadline ?? Infinity);
  }

  /** Sends what is due by now. Nothing is sent afterwards. */
  stop(): void {
    this.#sendDue();
    this.#stopped = true;
  }

  /** True while there are more requests to send. */
  get planning(): boolean {
    return this.#nextDue() !== Infinity;
  }

  /** True when there is nothing more to send, and nothing of the open stream is in flight. */
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
