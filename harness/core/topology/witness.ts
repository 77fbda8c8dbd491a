import type { TopologySpec } from './spec.ts';

/** The place from which a witness asks. */
export interface Vantage {
  /** A service. The witness uses the network namespace of its first running container. */
  readonly from: string;
  /** True: the witness is a container of its own beside the service, on a network of the service. */
  readonly neighbour?: true;
}

/** Returns the place from which a service is asked: its consumer's, or a neighbour's when nothing consumes it. */
export function vantageOf(spec: TopologySpec, service: string): Vantage {
  const consumer = spec.services[service]?.consumer;
  return consumer === undefined ? { from: service, neighbour: true } : { from: consumer };
}

/** Returns the place for people: "nginx", "a neighbour of web". */
export const describeVantage = ({ from, neighbour }: Vantage): string =>
  neighbour === true ? `a neighbour of ${from}` : from;

/** A question that a witness asks again and again. */
export interface Question {
  readonly id: string;
  /** The name of a protocol: a file under harness/protocols/. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** For http: a path. The body of its answer is returned too. */
  readonly path?: string;
  readonly everyMs: number;
  readonly kind?: QuestionKind;
  /** For an echo: about how many bytes. The protocol says how many a server takes. */
  readonly bytes?: number;
  /** For a certificate: the name that is asked for. */
  readonly name?: string;
}

/**
 * What a witness asks.
 * answer: does the peer answer? Each time on a new connection.
 * echo: how long do many bytes take, there and back?
 * close: how long does the peer take to close a connection after we did?
 * held: does the peer answer on a connection that is kept open?
 * certificate: has the peer a certificate that is valid now and has the name? Each time by a new TLS handshake. Nobody
 * asks who has signed it.
 */
export type QuestionKind = 'answer' | 'echo' | 'close' | 'held' | 'certificate';

export interface Answer {
  readonly id: string;
  /** Epoch milliseconds at which the witness asked. */
  readonly t: number;
  readonly ok: boolean;
  readonly rtt?: number;
  readonly error?: string;
  /** The number of the consumer's own established connections to the peer. */
  readonly established: number;
  /** How many of the consumer's connections were there at the reading before too. The kernel is read every 2 s. */
  readonly kept?: number;
  /** For an echo: bytes sent. */
  readonly sent?: number;
  /** For an echo: bytes received. */
  readonly received?: number;
  /** For an echo: in how many pieces the bytes came. */
  readonly reads?: number;
  /** For a held connection: milliseconds since it was made, or from then to its end. */
  readonly age?: number;
  /** For a certificate: milliseconds until it expires. Below 0 it has expired. */
  readonly validMs?: number;
  readonly body?: string;
}

/** The way from one container's network to another's. `from` and `to` are names of containers. */
export interface DatagramWay {
  readonly from: string;
  readonly to: string;
}

/** Datagrams that were sent one after another on one way, and how many of them arrived. */
export interface DatagramBatch extends DatagramWay {
  /** Epoch milliseconds at which the first was sent. */
  readonly t: number;
  readonly sent: number;
  /** How many arrived whole. A datagram that arrived more than once counts once. */
  readonly arrived: number;
  /** How many arrived again. */
  readonly repeated: number;
  /** How many arrived after a datagram that was sent later. */
  readonly late: number;
}
