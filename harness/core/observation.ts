import type { Protocol } from './topology.ts';

/** A question asked again and again from inside a consumer's network namespace. */
export interface Observer {
  /** Unique within a run, for example "app-1 -> toxiproxy:6001". */
  readonly id: string;
  /** Service whose first running replica lends its network namespace. */
  readonly from: string;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/** One answer. A connect alone proves little (Toxiproxy and a paused container both accept), so a protocol exchange follows. */
export interface Observation {
  readonly observer: string;
  /** Epoch milliseconds at which the question was asked. */
  readonly t: number;
  /** True when the peer answered in its protocol. */
  readonly ok: boolean;
  /** Milliseconds from the first byte sent to the first byte answered; undefined without an answer. */
  readonly rtt?: number | undefined;
  /** 'ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'connect-timeout', 'answer-timeout', 'closed', ... */
  readonly error?: string | undefined;
  /** Connections of the consumer itself to that peer, established at that moment: the witness that real traffic crosses. */
  readonly established: number;
}
