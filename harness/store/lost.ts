/**
 * Classes of errors after which a connection is gone, and another may succeed: of the system, 08 (connection
 * exceptions), 57P01 to 57P03 (the server ends, has crashed, or is starting), 25006 (this server has become a standby).
 */
const CODES = /^(?:ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|08\w{3}|57P0[123]|25006)$/;
/** pg has no code for these. */
const MESSAGES = /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

/** Says whether an error means that the connection is lost and the server may come back, as after a restart. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? CODES.test(code) : MESSAGES.test(error.message);
}
