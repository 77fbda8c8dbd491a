import type { Outcome } from '../core/load/load.ts';

/** How a request ended without a complete answer. */
export type FailureOutcome = Exclude<Outcome, 'ok' | 'http_error' | 'wrong_body'>;

/** Error codes of the system. What the generator itself ran out of is `dropped`: no fault of the other side. */
const BY_CODE: Readonly<Record<string, FailureOutcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EMFILE: 'dropped',
  ENFILE: 'dropped',
  ENOBUFS: 'dropped',
  EADDRNOTAVAIL: 'dropped',
};

/** `begun`: part of an answer was there. */
export function failureOutcome(error: unknown, begun: boolean): FailureOutcome {
  if (begun) return 'truncated';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return BY_CODE[code] ?? 'other';
}
