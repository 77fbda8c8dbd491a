import { type Answered, ERROR_CODES, type ErrorCodeOfRequest, type Outcome } from '../core/load/load.ts';

/** How a request ended without a complete answer. */
export type FailureOutcome = Exclude<Outcome, Answered>;

export interface Failure {
  readonly outcome: FailureOutcome;
  /**
   * As a record of the request holds it: the status of an answer that has begun, or the number of an error code; 0 for
   * neither.
   */
  readonly status: number;
}

/**
 * How a request ended, by the error code of the operating system. 'dropped': the generator ran out of files, buffers or
 * ports.
 */
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

/** OpenSSL has a code for each reason why a peer speaks no TLS. They all count as EPROTO. */
const NO_TLS = /^ERR_SSL_/;
/** Codes of a TLS handshake that failed. Most are about the certificate. */
const NO_HANDSHAKE = /^(?:EPROTO$|CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|PATH_LENGTH_)/;

/** What was known of a connection when it failed under a request. */
export interface Before {
  /** The status of an answer of which a part has arrived; 0 when its head is not whole. */
  readonly status: number;
  /** Part of the answer had already arrived. */
  readonly begun: boolean;
  /** The connection had carried an answer before. */
  readonly reused: boolean;
}

/** The code of an error, empty when it has none. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Returns the number by which a record names an error code. */
export const numberOf = (code: ErrorCodeOfRequest): number => ERROR_CODES.indexOf(code) + 1;

const isKnown = (code: string): code is ErrorCodeOfRequest => (ERROR_CODES as readonly string[]).includes(code);

/** Returns how a request ended whose connection failed with an error. */
export function failureOf(error: unknown, { status, begun, reused }: Before): Failure {
  if (begun) return { outcome: 'truncated', status };
  const given = codeOf(error);
  const code = NO_TLS.test(given) ? 'EPROTO' : given;
  const outcome = BY_CODE[code] ?? (NO_HANDSHAKE.test(code) ? 'tls' : 'other');
  const number = numberOf(isKnown(code) ? code : 'UNKNOWN');
  return { outcome: outcome === 'reset' && reused ? 'reused_closed' : outcome, status: number };
}

/** Returns how a request ended whose connection the server closed in an orderly way, before the whole answer. */
export const closedUnder = ({ status, begun, reused }: Before): Failure =>
  begun ? { outcome: 'truncated', status } : { outcome: reused ? 'reused_closed' : 'closed', status: 0 };
