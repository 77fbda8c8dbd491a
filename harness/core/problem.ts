import type { ErrorCode } from './errors.ts';

/** One mistake in an experiment, where it stands and what to write instead. */
export interface Problem {
  /** Absolute path, or "--set path=value" for an override. */
  readonly file: string;
  /** 1-based; absent where the mistake has no place, such as a missing file. */
  readonly line?: number;
  readonly column?: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** A warning does not keep a run from starting. */
  readonly severity: 'error' | 'warning';
}
