import type { ErrorCode } from '../core/errors.ts';
import type { Path } from './source.ts';

/** A mistake that no schema sees: a name that does not exist, a time that does not fit. */
export interface Mismatch {
  readonly path: Path;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
