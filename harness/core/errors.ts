import type { Exit } from './exits.ts';

/** A stable code. Each code has a page in runbooks/errors/, and a test checks that. */
export type ErrorCode = `CHAOS_${string}`;

export interface ErrorDetails {
  /** What happened, in one sentence. */
  readonly what: string;
  /** What to do, or what to write instead. */
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

/**
 * A failure that a user may see. It says what happened (the message), why (`cause`, `facts`), what to do (`hint`) and
 * where (`file`, `line`, `column`).
 */
export class ChaosError extends Error {
  override readonly name: string = 'ChaosError';
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

/** Returns one line: the message of a thrown value, then the messages of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  return error.cause === undefined ? own : `${own}: ${describeError(error.cause)}`;
}
