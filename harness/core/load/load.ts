import type { Arrivals } from './arrivals.ts';
import type { Clock } from '../clock.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** How acknowledged writes of an endpoint are looked up, by value, on the current primary. `$1` is a text array. */
export interface AuditSpec {
  /** Given idempotency keys, answers rows `key, value`; `value` must equal the token that was sent. */
  readonly stored: string;
  /** For updates of one entity: given entity ids, answers `entity, version, value`, to find overwritten acknowledged updates. */
  readonly current?: string | undefined;
  /** For queued jobs: given keys, answers `key, count` of the job's effect; each acknowledged key must have one or more. */
  readonly effect?: string | undefined;
}

export interface EndpointSpec {
  /** "GET /api/dashboard": unique in a workload. */
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly kind: 'read' | 'write';
  /** Requests per second of one user, as the specification gives it. */
  readonly frequency: number;
  /** Template of the query string, by key; see core/template.ts. */
  readonly query: Readonly<Record<string, string>>;
  /** Sent with every request, beside the generator's own; names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Template of the JSON body; undefined for none. */
  readonly body: unknown;
  /** Fields that a good answer's JSON has. */
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

/** What the specification's LoadTestConfig says beside its scenarios. */
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
  /** Of a file that is a LoadTestConfig. */
  readonly test?: LoadTest | undefined;
}

/** Users who join evenly over the ramp-up and then stay, each with arrivals of its own; see load/users.ts. */
export interface UserPlan {
  readonly count: number;
  readonly rampUpMs: number;
}

export interface LoadPlan {
  readonly workload: Workload;
  /** Open arrivals: these are judged. Where there are users, what they make together. */
  readonly arrivals: Arrivals;
  /** Undefined: requests come from nobody in particular. */
  readonly users: UserPlan | undefined;
  /** How many users there are, or how many the peak rate stands for at the workload's weights and frequencies. */
  readonly virtualUsers: number;
  /** Closed-loop users beside them: they only press. */
  readonly pressure: { readonly virtualUsers: number; readonly ratePerS: number } | undefined;
  /** After which an unanswered request is a timeout. */
  readonly timeoutMs: number;
}

/** What became of a planned request. Codes are positions in this list; never reorder, only append. */
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
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const SOURCES = ['open', 'pressure'] as const;
export type Source = (typeof SOURCES)[number];

/** What every request id of a run's begins with; its number follows. */
export const idPrefix = (run: string, source: Source): string => `${run}-${source === 'pressure' ? 'p' : ''}`;

/** Every planned request, once; columns of equal length; times in epoch milliseconds, NaN where it never came to that. */
export interface RequestTable {
  readonly length: number;
  /** Names by number. */
  readonly endpoints: readonly string[];
  readonly scenarios: readonly string[];
  readonly planned: Float64Array;
  readonly sent: Float64Array;
  readonly firstByte: Float64Array;
  readonly done: Float64Array;
  readonly endpoint: Uint16Array;
  readonly scenario: Uint8Array;
  readonly outcome: Uint8Array;
  readonly status: Uint16Array;
  readonly source: Uint8Array;
  /** Position in its source's series: the end of its request id. */
  readonly number: Uint32Array;
}

/** One second of load, for people and charts; verdicts come from the samples. */
export interface LoadTick {
  readonly t: number;
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  readonly in_flight: number;
  /** Of the answers in this second; undefined without any. */
  readonly p50_ms: number | undefined;
  readonly p95_ms: number | undefined;
  /** 99th percentile of sent - planned: the generator's own lateness. */
  readonly lag_p99_ms: number | undefined;
  readonly pressure_ok: number;
  readonly pressure_failed: number;
  /** Of ok and failed those that were writes; absent in records made before they were counted. */
  readonly writes?: { readonly ok: number; readonly failed: number };
}

/** A write as the client knows it, the generator's pressure included. */
export interface WriteRecord {
  readonly key: string;
  readonly endpoint: string;
  readonly token: string;
  readonly source: Source;
  /** acknowledged: 2xx with the right body. unknown: sent, no usable answer. rejected: a definite no (4xx), or never sent. */
  readonly outcome: 'acknowledged' | 'unknown' | 'rejected';
  readonly sent: number;
  readonly done: number;
  readonly entity?: string | undefined;
  readonly version?: number | undefined;
}

export interface LoadSpec {
  readonly plan: LoadPlan;
  readonly baseUrl: string;
  readonly seed: number;
  /** The folder samples/ of the run. */
  readonly dir: string;
  /** Unique per run: prefix of idempotency keys. */
  readonly run: string;
  /** Hard bound: the load ends by itself then. */
  readonly maxDurationMs: number;
}

export interface LoadTotals {
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  /** Event-loop utilisation of the generator's thread over the run, 0 to 1. */
  readonly utilisation: number;
}

/** A running load. Deliberately not thenable. */
export interface LoadRun {
  /** Stops planning, waits for what is in flight (each bounded by its timeout), closes the files. */
  stop(): Promise<LoadTotals>;
  /** Aborts, with a ChaosError as its reason, when the generator dies before that. */
  readonly failed?: AbortSignal;
}

export interface LoadEngine {
  start(spec: LoadSpec, onTick: (tick: LoadTick) => void, clock: Clock): Promise<LoadRun>;
}
