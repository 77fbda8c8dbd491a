import type { ErrorCode } from '../../errors.ts';

/** Why a certificate is refused. Each code has a page in runbooks/errors/. */
export interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
}

/** These codes say that a certificate was good and is no longer, or that nobody can tell. All others say that it is not sound. */
const OUTDATED: ReadonlySet<ErrorCode> = new Set([
  'CHAOS_CERTIFICATE_EXPIRED',
  'CHAOS_CERTIFICATE_VOID',
  'CHAOS_CERTIFICATE_UNCLEAR',
]);

/** Says whether a certificate with these reasons is sound in itself, and only no longer about today. */
export const isOutdated = (reasons: readonly Reason[]): boolean =>
  reasons.length > 0 && reasons.every(({ code }) => OUTDATED.has(code));
