import type { Failure } from '../failure.ts';
import type { AnswerHead } from './answer.ts';
import type { PreparedRequest } from './request.ts';

/**
 * Receives what happens to one request. Times are of the transport's clock, in milliseconds. Either `onAnswer` or
 * `onFailure` is called, exactly once. Neither is called after the request was abandoned.
 */
export interface Exchange {
  /** The request has a free connection, or a new connection is being opened for it. */
  onSent(): void;
  /** The request's first byte is about to leave. From now on the server may act on it. */
  onWritten(): void;
  /** The first byte of an answer has arrived. Called again for the final answer after an interim answer (1xx). */
  onFirstByte(at: number): void;
  /** The answer's last byte has arrived. `body` may be called only within this call. */
  onAnswer(at: number, head: AnswerHead, body: () => string): void;
  onFailure(failure: Failure): void;
}

/** A request under way. */
export interface Pending {
  /** Gives the request up: its exchange receives nothing more. Does nothing when the request has ended. */
  abandon(): void;
}

/** HTTP/1.1 over kept connections. Each connection carries one request at a time. No request is sent twice. */
export interface Transport {
  /** Opens connections before they are needed. Resolves even when some cannot be opened. */
  connect(connections: number): Promise<void>;
  /** Sends a request. Returns at once. */
  send(request: PreparedRequest, exchange: Exchange): Pending;
  close(): void;
}
