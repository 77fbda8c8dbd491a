import type { FailureOutcome } from './failure.ts';
import type { PreparedRequest } from './request.ts';

/** Told what becomes of one request, and when, by the transport's clock; of `onAnswer` and `onFailure` exactly one is called, once, unless it was abandoned. */
export interface Exchange {
  /** The request has a connection: an open one, or a new one begun for it. */
  onSent(): void;
  /** Its first byte is about to leave: from here on the other side may have acted on it. */
  onWritten(): void;
  /** The first byte of an answer is there; again for the next one, where the first was interim (1xx). */
  onFirstByte(at: number): void;
  /** The last byte of it is there. `body` is to be asked for within this call, if at all. */
  onAnswer(at: number, status: number, body: () => string): void;
  onFailure(outcome: FailureOutcome, status: number): void;
}

/** A request under way. */
export interface Pending {
  /** Lets go of it: nothing more is told of it. Harmless once it has ended. */
  abandon(): void;
}

/** HTTP/1.1 over kept connections, one request at a time on each, nothing ever sent twice. */
export interface Transport {
  /** Opens connections ahead of need; those that cannot be opened are not missed. */
  connect(connections: number): Promise<void>;
  /** Never waits. */
  send(request: PreparedRequest, exchange: Exchange): Pending;
  close(): void;
}
