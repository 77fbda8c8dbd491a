import type { Arrivals } from './arrivals.ts';
import type { Clock } from '../clock.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/**
 * The queries by which the audit of writes looks up an endpoint's acknowledged writes on the primary. `$1` is a text
 * array.
 */
export interface AuditSpec {
  /** Takes idempotency keys and returns rows of `key, value`. `value` must equal the token that was sent. */
  readonly stored: string;
  /**
   * For updates of an entity. Takes entity ids and returns `entity, version, value`, to find acknowledged updates that
   * were overwritten.
   */
  readonly current?: string | undefined;
  /**
   * For queued jobs. Takes keys and returns `key, count`, the number of effects of a job. An acknowledged job must have
   * one.
   */
  readonly effect?: string | undefined;
}

export interface EndpointSpec {
  /** "GET /api/dashboard": unique in a workload. */
  readonly name: string;
  readonly method: Method;
  /** A template; see template/. It may have a query. Apart from values of templates it is sent as it is written. */
  readonly path: string;
  readonly kind: 'read' | 'write';
  /** Requests per second of one user, as the specification gives it. */
  readonly frequency: number;
  /** What is added to the query: names with their values. Both may be templates. */
  readonly query: Readonly<Record<string, string>>;
  /** Headers that every request has beside the generator's own. Names are in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * JSON text. Its strings may be templates. Undefined when there is no body. Records of earlier versions hold the JSON
   * value and not its text.
   */
  readonly body: string | undefined;
  /** The fields that the JSON of a good answer must have. */
  readonly expect: readonly string[];
  readonly audit: AuditSpec | undefined;
}

export interface ScenarioSpec {
  readonly name: string;
  /** Percentage of virtual users. */
  readonly weight: number;
  readonly endpoints: readonly EndpointSpec[];
}

export const TEST_TYPES = ['load', 'stress', 'spike', 'endurance'] as const;

/** The part of the specification's LoadTestConfig beside its scenarios. */
export interface LoadTest {
  readonly type: (typeof TEST_TYPES)[number];
  readonly virtualUsers: number;
  readonly durationMs: number;
  readonly rampUpMs: number;
}

export interface Workload {
  readonly name: string;
  readonly file: string;
  readonly scenarios: readonly ScenarioSpec[];
  /** Present when the file is a LoadTestConfig. */
  readonly test?: LoadTest | undefined;
}

/** Users who join evenly over the ramp-up and then stay. Each has arrivals of its own; see harness/load/users/. */
export interface UserPlan {
  readonly count: number;
  readonly rampUpMs: number;
}

export interface LoadPlan {
  readonly workload: Workload;
  /** The open arrivals, which are judged. With users, these are the requests of all users together. */
  readonly arrivals: Arrivals;
  /** Undefined when requests do not belong to users. */
  readonly users: UserPlan | undefined;
  /**
   * With `users`, the number of users. Without `users`, how many users would make the peak rate, by the weights and
   * frequencies of the workload.
   */
  readonly virtualUsers: number;
  /** Closed-loop users beside the judged stream. They only add load: no check judges their requests. */
  readonly pressure: { readonly virtualUsers: number; readonly ratePerS: number } | undefined;
  /** A request without an answer is a timeout after this many milliseconds. */
  readonly timeoutMs: number;
  /** True when the load goes to the entry over TLS. Absent in older records, and when it does not. */
  readonly overTls?: true;
  /**
   * The share of requests, 0 to 1, that have a connection of their own, which is closed after the answer. Absent: 0.
   */
  readonly newConnections?: number;
}

/**
 * How a planned request ended. Records hold positions in this list: append to it, and never reorder it.
 * reused_closed: the connection had carried an earlier answer, and was closed or reset before the first byte of this
 * answer. The server may have closed an idle connection at this moment, or it may have died. Nobody can tell which, so
 * the request counts as failed.
 * tls: there was no TLS handshake to rely on: a certificate that is not valid, for another name or of an unknown
 * authority, or a server that speaks no TLS.
 * turned_away: a whole answer of 503 with Retry-After. The server says that it refuses now, and that the client may come
 * back. The request counts as failed.
 */
export const OUTCOMES = [
  'ok',
  'http_error',
  'wrong_body',
  'timeout',
  'refused',
  'reset',
  'closed',
  'truncated',
  'dropped',
  'other',
  'reused_closed',
  'tls',
  'turned_away',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcomes of requests with a whole answer, good or bad. */
export const ANSWERED = ['ok', 'http_error', 'wrong_body', 'turned_away'] as const satisfies readonly Outcome[];
export type Answered = (typeof ANSWERED)[number];

/**
 * Codes of errors that end a request: of the operating system and of name servers, of certificates, EPROTO for what is
 * no TLS, NOT_HTTP for an answer that is no
 * HTTP/1, and UNKNOWN for every other. Records hold positions in this list, from 1: append to it, and never reorder it.
 */
export const ERROR_CODES = [
  'UNKNOWN',
  'NOT_HTTP',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EACCES',
  'EPERM',
  'EINVAL',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
] as const;
export type ErrorCodeOfRequest = (typeof ERROR_CODES)[number];

/** The lowest HTTP status. A `status` below it is the position of an error code, from 1; 0 is neither. */
export const LEAST_STATUS = 100;

export const SOURCES = ['open', 'pressure'] as const;
export type Source = (typeof SOURCES)[number];

/** Returns the beginning of every request id of a run. The request's number follows. */
export const idPrefix = (run: string, source: Source): string => `${run}-${source === 'pressure' ? 'p' : ''}`;

/**
 * Each planned request once, in columns of equal length. Times are epoch milliseconds; NaN for a moment that never
 * came.
 */
export interface RequestTable {
  readonly length: number;
  /** The names behind the numbers in `endpoint` and `scenario`. */
  readonly endpoints: readonly string[];
  readonly scenarios: readonly string[];
  readonly planned: Float64Array;
  readonly sent: Float64Array;
  readonly firstByte: Float64Array;
  readonly done: Float64Array;
  readonly endpoint: Uint16Array;
  readonly scenario: Uint8Array;
  readonly outcome: Uint8Array;
  /** The HTTP status; or below LEAST_STATUS the position, from 1, in ERROR_CODES; 0: neither. */
  readonly status: Uint16Array;
  readonly source: Uint8Array;
  /** The position of the request in the stream of its source, from 0. The request id ends with this number. */
  readonly number: Uint32Array;
}

/** One second of load, for people and charts. Verdicts come from the samples and not from this. */
export interface LoadTick {
  readonly t: number;
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  readonly in_flight: number;
  /** Latency of the answers in this second; undefined when there were none. */
  readonly p50_ms: number | undefined;
  readonly p95_ms: number | undefined;
  /** 99th percentile of the generator's own lateness: the time sent minus the time planned. */
  readonly lag_p99_ms: number | undefined;
  readonly pressure_ok: number;
  readonly pressure_failed: number;
  /** How many of ok and failed were writes. Absent in old records, which did not count them. */
  readonly writes?: { readonly ok: number; readonly failed: number };
}

/** A write as the client knows it. Writes of the pressure are included. */
export interface WriteRecord {
  readonly key: string;
  readonly endpoint: string;
  readonly token: string;
  readonly source: Source;
  /**
   * acknowledged: 2xx with the right body. unknown: sent, and no usable answer. rejected: a clear no (4xx), or never
   * sent.
   */
  readonly outcome: 'acknowledged' | 'unknown' | 'rejected';
  readonly sent: number;
  readonly done: number;
  readonly entity?: string | undefined;
  readonly version?: number | undefined;
}

/** How a load over TLS finds and trusts its server. */
export interface Trust {
  /** The certificates, in PEM, of the authorities that are trusted. Undefined: those that Node knows. */
  readonly authorities?: string | undefined;
  /** Where connections go. Undefined: to the host of the base URL, which is also the name that is asked for. */
  readonly address?: string | undefined;
}

export interface LoadSpec {
  readonly plan: LoadPlan;
  readonly baseUrl: string;
  /** For a base URL with https. */
  readonly trust?: Trust | undefined;
  readonly seed: number;
  /** The folder samples/ in the run's folder. */
  readonly dir: string;
  /** The id of the run, unique. Idempotency keys begin with it. */
  readonly run: string;
  /** The load ends by itself after this many milliseconds. */
  readonly maxDurationMs: number;
}

export interface LoadTotals {
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  /** Event-loop utilisation of the generator's thread during the run, 0 to 1. */
  readonly utilisation: number;
}

/** A running load. It has no `then`, so that a promise can resolve with it. */
export interface LoadRun {
  /** Plans no more requests. Waits until every request in flight has ended; none lasts longer than the timeout. Then closes
   * the files. */
  stop(): Promise<LoadTotals>;
  /** Aborts when the generator dies before `stop`. The reason is a ChaosError. */
  readonly failed?: AbortSignal;
}

export interface LoadEngine {
  /**
   * Makes the generator ready, and sends the first request when `begin` resolves; by default at once. Resolves when the
   * load has begun. When `begin` rejects, nothing is sent, and `start` rejects with the same reason.
   */
  start(spec: LoadSpec, onTick: (tick: LoadTick) => void, clock: Clock, begin?: Promise<void>): Promise<LoadRun>;
}
