import type { Source } from '../load/load.ts';

/**
 * How one attempt at a replica ended, seen by the hop that made it: the balancer, or the edge where there is none.
 * answered: the replica answered.
 * refused: the replica did not take the connection, so nothing was sent.
 * unreachable: there was no connection in time, so nothing was sent.
 * broken: the request was sent, and the connection broke before an answer.
 * timeout: the request was sent, and there was no answer in time.
 * abandoned: the client gave up first.
 * retried: the balancer tried again. Its log does not tell at which replica the attempt was made, nor how it ended.
 */
export type AttemptOutcome = 'answered' | 'refused' | 'unreachable' | 'broken' | 'timeout' | 'abandoned' | 'retried';

/** Requests about which two hops (client, edge, replica) disagree in the same way. */
export interface Difference {
  /** For programs, and stable: "app_log_line_missing". */
  readonly name: string;
  /** For people: the words after "3 requests". They include the reason when it is known. */
  readonly what: string;
  readonly count: number;
  /** False when there is no known reason. Then the run proves nothing. */
  readonly explained: boolean;
  /** Up to five request ids, as sent in x-request-id. */
  readonly examples: readonly string[];
}

/** Attempts at one replica that ended in the same way without an answer. No replica logged them. */
export interface LostAttempts {
  /** The address of the replica: "172.30.77.9:3000"; '' when the log does not tell it. */
  readonly address: string;
  /** The container with this address; undefined when no replica logged the address and none has it now. */
  readonly replica: string | undefined;
  readonly outcome: AttemptOutcome;
  readonly count: number;
  /** When the first attempt ended, epoch milliseconds. */
  readonly first: number;
  /** When the last attempt ended, epoch milliseconds. */
  readonly last: number;
  readonly examples: readonly string[];
}

/** When the edge had the first and the last answer of a replica, epoch milliseconds. */
export interface Served {
  readonly first: number;
  readonly last: number;
}

/** All requests of one source, counted at each hop. Counts are of requests, unless a comment says otherwise. */
export interface HopCounts {
  readonly source: Source;
  /** planned = answered + failed + in_flight + dropped, exactly. */
  readonly planned: number;
  /** Requests with a whole answer, good or bad. */
  readonly answered: number;
  /** Requests without a whole answer. */
  readonly failed: number;
  readonly in_flight: number;
  readonly dropped: number;
  /** Failed requests that were never written to a connection. */
  readonly never_sent: number;
  /** Requests that may have reached the edge. */
  readonly sent: number;
  readonly edge: {
    /** seen = from_upstream + from_cache + by_itself + gave_up. */
    readonly seen: number;
    readonly from_upstream: number;
    readonly from_cache: number;
    readonly by_itself: number;
    /** The edge's own answers, by status: { "502": 3 }. */
    readonly statuses: Readonly<Record<string, number>>;
    /** The client gave up before there was an answer (status 499). */
    readonly gave_up: number;
  };
  readonly attempts: {
    readonly total: number;
    /** Attempts after the first attempt of a request. */
    readonly retries: number;
    readonly outcomes: Readonly<Partial<Record<AttemptOutcome, number>>>;
  };
  readonly app: {
    /** The number of log lines of all replicas. */
    readonly seen: number;
    readonly replicas: Readonly<Record<string, number>>;
    /** By replica, when the edge had its first and its last answer. Absent in records of earlier versions. */
    readonly served?: Readonly<Record<string, Served>>;
  };
  readonly lost_attempts: readonly LostAttempts[];
  readonly differences: readonly Difference[];
}

/** What the client, the edge and the application say about the same requests, compared by request id. */
export interface Reconciliation {
  /** `edge`, `balancer` and `app` are names of services. */
  readonly edge: string;
  /** Absent where nothing balances between the edge and the app. */
  readonly balancer?: string | undefined;
  readonly app: string;
  /** The judged stream, then the pressure if there was any. Empty when the logs could not be read. */
  readonly rows: readonly HopCounts[];
  /** False when the logs do not go back to the beginning of the run. */
  readonly complete: boolean;
  /** Why the logs could not be read. */
  readonly problem?: string;
  /** How long it took to wait for the edge's last lines, to read and to compare. Milliseconds. */
  readonly ms: number;
}

/** Returns the differences without a known reason. */
export const unexplained = ({ rows }: Pick<Reconciliation, 'rows'>): readonly Difference[] =>
  rows.flatMap((row) => row.differences).filter((difference) => !difference.explained);
