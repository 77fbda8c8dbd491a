import type { Source } from './load/load.ts';

/**
 * How one attempt of the edge at a replica ended, from the edge's side. refused: nobody took the connection. unreachable: it
 * was not made in time; in both nothing was sent. broken: sent, and the connection broke before an answer. timeout: sent,
 * and no answer in time. abandoned: the client gave up first.
 */
export type AttemptOutcome = 'answered' | 'refused' | 'unreachable' | 'broken' | 'timeout' | 'abandoned';

/** Requests that two hops tell differently of, with the reason if there is one. */
export interface Difference {
  /** Stable, for programs: "app_log_line_missing". */
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly count: number;
  /** False: nobody can say why. One such is enough for the record to prove nothing. */
  readonly explained: boolean;
  /** Up to five request ids, as sent in x-request-id. */
  readonly examples: readonly string[];
}

/** Attempts that the edge made at one replica, that ended in one way without an answer, and that no replica logged. */
export interface LostAttempts {
  /** Where the edge dialled: "172.30.77.9:3000". */
  readonly address: string;
  /** Its container; undefined where no replica logged under this address and none has it now. */
  readonly replica: string | undefined;
  readonly outcome: AttemptOutcome;
  readonly count: number;
  /** Epoch milliseconds at which the first and the last of them ended. */
  readonly first: number;
  readonly last: number;
  readonly examples: readonly string[];
}

/** Every request of one source from hop to hop. Counts are of requests unless they say attempts. */
export interface HopCounts {
  readonly source: Source;
  /** planned = answered + failed + in_flight + dropped, exactly. */
  readonly planned: number;
  /** Whole answers, good or bad; and those without one. */
  readonly answered: number;
  readonly failed: number;
  readonly in_flight: number;
  readonly dropped: number;
  /** Of the failed: no connection took them. */
  readonly never_sent: number;
  /** Of planned: all that may have reached the edge. */
  readonly sent: number;
  readonly edge: {
    /** seen = from_upstream + from_cache + by_itself + gave_up. */
    readonly seen: number;
    readonly from_upstream: number;
    readonly from_cache: number;
    readonly by_itself: number;
    /** Its own answers by status: { "502": 3 }. */
    readonly statuses: Readonly<Record<string, number>>;
    /** The client was gone before there was an answer (499). */
    readonly gave_up: number;
  };
  readonly attempts: {
    readonly total: number;
    /** Beyond the first of each request. */
    readonly retries: number;
    readonly outcomes: Readonly<Partial<Record<AttemptOutcome, number>>>;
  };
  readonly app: {
    /** Lines of all replicas. */
    readonly seen: number;
    readonly replicas: Readonly<Record<string, number>>;
  };
  readonly lost_attempts: readonly LostAttempts[];
  readonly differences: readonly Difference[];
}

/** What the client, the edge and the application say of the same requests, compared by their ids. */
export interface Reconciliation {
  /** Services. */
  readonly edge: string;
  readonly app: string;
  /** The judged stream, then the pressure if there was any; empty where the logs could not be read. */
  readonly rows: readonly HopCounts[];
  /** False: the logs do not go back to the beginning of the run. */
  readonly complete: boolean;
  /** Why the logs could not be read. */
  readonly problem?: string;
  /** What waiting for the edge's last lines, reading and comparing took. */
  readonly ms: number;
}

export const unexplained = ({ rows }: Pick<Reconciliation, 'rows'>): readonly Difference[] =>
  rows.flatMap((row) => row.differences).filter((difference) => !difference.explained);
