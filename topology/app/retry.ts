/**
 * What went wrong with a statement:
 * - down: the node cannot be used now; the node's circuit opens;
 * - slow: no answer in time; the node's circuit opens, and a probe finds out whether the node is down;
 * - busy: no connection was free in time, which says nothing about the node;
 * - again: the node is well and asks for the same statement again (deadlock, conflict with recovery, cancelled wait);
 * - fatal: the statement itself is wrong.
 */
export type Failure = 'down' | 'slow' | 'busy' | 'again' | 'fatal';

/** No answer in time. */
export class SlowError extends Error {
  override readonly name = 'SlowError';
}

/** No connection in time. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** The commit may be on this node only: its wait for the standby was cancelled, which PostgreSQL only warns about. */
export class UnreplicatedError extends Error {
  override readonly name = 'UnreplicatedError';
}

/** admin_shutdown, crash_shutdown, cannot_connect_now, read_only_sql_transaction, too_many_connections. */
const DOWN = new Set(['57P01', '57P02', '57P03', '25006', '53300']);
/** serialization_failure (on a standby: conflict with recovery), deadlock_detected, lock_not_available. */
const AGAIN = new Set(['40001', '40P01', '55P03']);
const QUERY_CANCELED = '57014';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

export function classify(error: unknown): Failure {
  if (error instanceof BusyError) return 'busy';
  if (error instanceof SlowError) return 'slow';
  if (error instanceof UnreplicatedError) return 'again';
  if (error instanceof AggregateError) return error.errors.some((e) => classify(e) === 'down') ? 'down' : 'fatal';
  if (!(error instanceof Error)) return 'fatal';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (DOWN.has(code) || NETWORK.has(code) || /^08.{3}$/.test(code)) return 'down';
  if (AGAIN.has(code)) return 'again';
  if (code === QUERY_CANCELED) return 'slow';
  if (error.message === 'timeout exceeded when trying to connect') return 'busy';
  return /^Connection terminated|connection error and is not queryable|^timeout expired/.test(error.message)
    ? 'down'
    : 'fatal';
}

export const opensCircuit = (failure: Failure): boolean => failure === 'down' || failure === 'slow';

/**
 * Milliseconds to wait before a repetition (`attempt` 1 is the first). The longest wait is 25, 50, 100, ... up to 400.
 * The wait is drawn at random from half of the longest wait to the whole.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(400, 25 * 2 ** (attempt - 1));
  return full / 2 + (random() * full) / 2;
}

/** Allows one repetition for ten requests, plus a burst. When everything is slow, more repetitions make it slower. */
export class RetryBudget {
  readonly #burst: number;
  #tokens: number;

  constructor(burst: number) {
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** To be called once for each request. */
  deposit(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 0.1);
  }

  /** Returns whether one more attempt may be made, and takes it from the budget. */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
