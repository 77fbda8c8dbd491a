import type { Client, Dispatcher } from 'undici';
import { failureOutcome } from './failure.ts';
import type { PreparedRequest } from './request.ts';
import type { Exchange } from './transport.ts';

/** One connection, through its life: connecting, busy or idle, gone. After any failure it is gone: none is ever repaired. */
export interface Lane {
  readonly client: Client;
  job: Job | undefined;
  gone: boolean;
}

/** undici's view of one request, handed on to the exchange until it has its end. */
export class Job implements Dispatcher.DispatchHandler {
  readonly request: PreparedRequest;
  readonly exchange: Exchange;
  readonly #release: (job: Job) => void;
  readonly #discard: (job: Job) => void;
  lane: Lane | undefined;
  settled = false;
  #status = 0;
  #chunks: Buffer[] = [];

  constructor(request: PreparedRequest, exchange: Exchange, release: (job: Job) => void, discard: (job: Job) => void) {
    this.request = request;
    this.exchange = exchange;
    this.#release = release;
    this.#discard = discard;
  }

  onRequestStart(): void {
    if (!this.settled) this.exchange.onWritten();
  }

  onResponseStarted(): void {
    if (!this.settled) this.exchange.onFirstByte();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.settled) {
      this.settled = true;
      this.exchange.onAnswer(this.#status, () => this.#body());
    }
    this.#release(this);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#discard(this);
    if (this.settled) return;
    this.settled = true;
    this.exchange.onFailure(failureOutcome(error, this.#status > 0), this.#status);
  }

  #body(): string {
    const [only] = this.#chunks;
    return (this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks)).toString('utf8');
  }
}
