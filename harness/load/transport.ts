import type { FailureOutcome } from './failure.ts';
import type { PreparedRequest } from './request.ts';

/** Told what becomes of one request; of `onAnswer` and `onFailure` exactly one is called, once, unless it was abandoned. */
export interface Exchange {
  /** The request has a connection: an open one, or a new one begun for it. */
  onSent(): void;
  /** Its first byte is about to leave: from here on the other side may have acted on it. */
  onWritten(): void;
  onFirstByte(): void;
  onAnswer(status: number, body: () => string): void;
  onFailure(outcome: FailureOutcome, status: number): void;
}

/** HTTP/1.1 over kept connections, one request at a time on each, nothing ever sent twice. */
export interface Transport {
  /** Opens connections ahead of need; those that cannot be opened are not missed. */
  connect(connections: number): Promise<void>;
  /** Never waits; answers a function that abandons the request. */
  send(request: PreparedRequest, exchange: Exchange): () => void;
  close(): Promise<void>;
}
