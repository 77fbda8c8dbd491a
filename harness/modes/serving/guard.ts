import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** The header that carries the token of an act. A page of another site cannot send it without asking first. */
const TOKEN_HEADER = 'x-chaos-token';

/** Returns the name in a Host header without its port and brackets, in lower case. */
function nameIn(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(host) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

/**
 * Whether a request was meant for this server. A page of another site can let its own name point to this address (DNS
 * rebinding), and its requests have that name. So the name must be the address itself, a name of this machine, or one of
 * `names`.
 */
export function isMeantForUs({ headers, socket }: IncomingMessage, names: readonly string[] = []): boolean {
  const name = nameIn(headers.host ?? '');
  if (isIP(name) !== 0) return name === (socket.localAddress ?? '').replace(/^::ffff:/, '');
  return ['localhost', hostname().toLowerCase(), ...names.map((own) => own.toLowerCase())].includes(name);
}

/** Whether a request comes from a page of another site, as far as the browser says. */
export function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  // A server in front may speak TLS, so the protocol may be another.
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares digests, so that the time says nothing about the token. */
export const hasToken = ({ headers }: IncomingMessage, token: string): boolean =>
  timingSafeEqual(digest(String(headers[TOKEN_HEADER] ?? '')), digest(token));
