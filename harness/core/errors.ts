import type { Exit } from './exits.ts';

/** Stable, with a page in runbooks/errors/; a test holds the two together. */
export type ErrorCode = `CHAOS_${string}`;

export interface ErrorDetails {
  /** What happened, one sentence, for a person at 3 a.m. */
  readonly what: string;
  /** What to do or to write instead. */
  readonly hint: string;
  readonly exit: Exit;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  /** 1-based. */
  readonly column?: number | undefined;
}

/** Every failure that a user may see: what, why (cause, facts), how to go on (hint), and where. */
export class ChaosError extends Error {
  override readonly name = 'ChaosError';
  readonly code: ErrorCode;
  readonly exit: Exit;
  readonly hint: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.what, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.exit = details.exit;
    this.hint = details.hint;
    this.facts = details.facts ?? {};
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
  }
}

/** The message of anything thrown, with the causes behind it, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  return error.cause === undefined ? own : `${own}: ${describeError(error.cause)}`;
}
