import type { Command } from '../topology/command.ts';
import type { Answer, QuestionKind, Vantage } from '../topology/witness.ts';
import type { ContainerCounters } from '../topology/state.ts';

/** Measures something again and again, from the baseline on. */
export type Observer = NetworkObserver | CommandObserver | DatagramObserver | CounterObserver;

/** Runs a command that changes nothing and prints a number: in the target, on the primary, or in Redis. */
export interface CommandObserver {
  /** Unique within a run, for example "chaos-app-1: free disk". */
  readonly id: string;
  readonly command: Command;
  /** Milliseconds between two commands. A command in a container costs about 50 ms of processor time. */
  readonly everyMs: number;
}

/**
 * Reads what the kernel counts for a container. It reads from outside, because a reader inside would be counted too.
 */
export interface CounterObserver {
  /** Unique within a run, for example "chaos-app-1: throttled_ms". */
  readonly id: string;
  /** The container's name. */
  readonly container: string;
  readonly counter: keyof ContainerCounters;
  /** Milliseconds between two readings. */
  readonly everyMs: number;
}

export const isCounter = (observer: Observer): observer is CounterObserver => 'counter' in observer;

/** Asks a question as a consumer does: from its network namespace, or from a container beside the service. */
export interface NetworkObserver extends Vantage {
  /** Unique within a run, for example "app-1 -> toxiproxy:6001". */
  readonly id: string;
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** What is asked. Default: `answer`. */
  readonly kind?: QuestionKind;
  /** For an echo: about how many bytes the question has. The protocol says how many a server takes at most. */
  readonly bytes?: number;
  /** For a certificate: the name that is asked for. */
  readonly name?: string;
}

/** Datagrams that never arrived whole (lost), arrived more than once (repeated), or after a later one (late). */
export type DatagramCount = 'lost' | 'repeated' | 'late';

/** Counts numbered datagrams from one container's network to another's. The two ways between them are counted apart. */
export interface DatagramObserver {
  /** Unique within a run, for example "chaos-nginx-1 to chaos-app-1: lost". */
  readonly id: string;
  /** `from` and `to` are names of containers. */
  readonly from: string;
  readonly to: string;
  readonly counts: DatagramCount;
}

export const isDatagram = (observer: Observer): observer is DatagramObserver => 'counts' in observer;

export const isNetwork = (observer: Observer): observer is NetworkObserver => 'protocol' in observer;

export const isCommand = (observer: Observer): observer is CommandObserver => 'command' in observer;

/**
 * One reading of an observer. A connection alone proves little, because Toxiproxy and a paused container both accept
 * it. So an exchange in the peer's protocol follows.
 */
export interface Observation extends Partial<Pick<Answer, 'kept' | 'sent' | 'received' | 'reads' | 'age' | 'validMs'>> {
  readonly observer: string;
  /** Epoch milliseconds at which the observer asked. */
  readonly t: number;
  /** True when the peer answered in its protocol; for datagrams, when any arrived. */
  readonly ok: boolean;
  /**
   * Milliseconds from the first byte sent to the first byte of the answer. For an echo: to the last byte of the answer.
   * For a close: from our FIN to the peer's FIN. For a certificate: a whole handshake. For a command: until it ended.
   */
  readonly rtt?: number | undefined;
  /** The number that a command printed or a counter shows. For datagrams: how many were lost, repeated or late. */
  readonly value?: number | undefined;
  /** For datagrams: how many were sent. */
  readonly of?: number | undefined;
  /**
   * 'ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'connect-timeout', 'answer-timeout', 'closed', ... For a certificate also
   * 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'.
   */
  readonly error?: string | undefined;
  /**
   * The number of the consumer's own connections to the peer that are established at that moment. They show that real
   * traffic crosses the link. 0 for a command.
   */
  readonly established: number;
}
