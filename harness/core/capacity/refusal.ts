import type { ErrorCode } from '../errors.ts';

/** Why nothing is said about what was not measured. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

export const isRefusal = (found: object): found is Refusal => 'code' in found && 'message' in found;
