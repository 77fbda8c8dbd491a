import type { ErrorCode } from '../errors.ts';

/** One mistake in an experiment: where it is, and what to write instead. */
export interface Problem {
  /**
   * The absolute path of the file; "--set path=value" for an override; "experiment.faults[0].kill" for an experiment that
   * is an object of a program.
   */
  readonly file: string;
  /** 1-based. Absent when the mistake has no place, for example when a file is missing. */
  readonly line?: number;
  readonly column?: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** A run starts in spite of a warning. */
  readonly severity: 'error' | 'warning';
}
