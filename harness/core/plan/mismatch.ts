import type { ErrorCode } from '../errors.ts';

/** Where a value is in a file of YAML: keys of maps, and positions in lists from 0. */
export type Path = readonly (string | number)[];

/** A mistake that no schema finds: a name that does not exist, a time that does not fit. */
export interface Mismatch {
  readonly path: Path;
  /** The path of another value that this value does not fit. The message ends with the line of the other value. */
  readonly beside?: Path;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
