import type { Command } from './command.ts';
import type { Answer, ContainerCounters, Kind, Protocol } from './topology.ts';

/** Someone who is asked again and again, from the baseline on. */
export type Observer = NetworkObserver | CommandObserver | DatagramObserver | CounterObserver;

/** A command that changes nothing and prints a number: in the target, on the primary, of Redis. */
export interface CommandObserver {
  /** Unique within a run, for example "chaos-app-1: free disk". */
  readonly id: string;
  readonly command: Command;
  /** Milliseconds between two questions: one in a container costs some 50 ms of CPU. */
  readonly everyMs: number;
}

/** What the kernel counts of a container: read from outside, since whoever looks from within is counted too. */
export interface CounterObserver {
  /** Unique within a run, for example "chaos-app-1: throttled_ms". */
  readonly id: string;
  /** By its name. */
  readonly container: string;
  readonly counter: keyof ContainerCounters;
  readonly everyMs: number;
}

export const isCounter = (observer: Observer): observer is CounterObserver => 'counter' in observer;

/** A question asked from inside a consumer's network namespace. */
export interface NetworkObserver {
  /** Unique within a run, for example "app-1 -> toxiproxy:6001". */
  readonly id: string;
  /** Service whose first running replica lends its network namespace. */
  readonly from: string;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** What is asked; an `answer` where nothing is said. */
  readonly kind?: Kind;
  /** Of an echo: bytes each way. */
  readonly bytes?: number;
}

/** What is counted of the datagrams of one way: such as never arrived whole, arrived again, or after a later one. */
export type DatagramCount = 'lost' | 'repeated' | 'late';

/** Numbered datagrams from one container's network to another's: each way for itself, whatever becomes of the other. */
export interface DatagramObserver {
  /** Unique within a run, for example "chaos-nginx-1 to chaos-app-1: lost". */
  readonly id: string;
  /** Containers by name. */
  readonly from: string;
  readonly to: string;
  readonly counts: DatagramCount;
}

export const isDatagram = (observer: Observer): observer is DatagramObserver => 'counts' in observer;

export const isCommand = (observer: Observer): observer is CommandObserver => 'command' in observer;

/** One answer. A connect alone proves little (Toxiproxy and a paused container both accept), so a protocol exchange follows. */
export interface Observation extends Partial<Pick<Answer, 'kept' | 'sent' | 'received' | 'reads' | 'age'>> {
  readonly observer: string;
  /** Epoch milliseconds at which the question was asked. */
  readonly t: number;
  /** True when the peer answered in its protocol; of datagrams, when any arrived. */
  readonly ok: boolean;
  /**
   * Milliseconds from the first byte sent to the first byte answered; of an echo, to the last; of a close, from our FIN
   * to the peer's; of a command, until it had ended.
   */
  readonly rtt?: number | undefined;
  /** The number that a command printed or a counter shows; of datagrams, how many were lost, repeated or late. */
  readonly value?: number | undefined;
  /** Of how many datagrams that were sent. */
  readonly of?: number | undefined;
  /** 'ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'connect-timeout', 'answer-timeout', 'closed', ... */
  readonly error?: string | undefined;
  /** Connections of the consumer itself to that peer, established at that moment: the witness that real traffic crosses. 0 of a command. */
  readonly established: number;
}
