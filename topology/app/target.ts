/** The parts of a request target that the service uses. */
export interface Target {
  /** From the first slash to the query, as the client wrote it: no part of it is decoded, resolved or made shorter. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * The scheme and the host of a target in absolute form (RFC 9112, section 3.2.2), as a client writes it for a proxy.
 */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * Splits a request target. Never throws, because a client may write any bytes here. `new URL` is not used: it throws
 * for "//" and "http://[".
 */
export function readTarget(target: string): Target {
  const [relative = ''] = target.replace(ORIGIN, '').split('#', 1);
  const mark = relative.indexOf('?');
  const path = mark === -1 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(mark === -1 ? '' : relative.slice(mark + 1)) };
}
