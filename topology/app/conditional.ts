import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './router.ts';

/** For an address whose content never changes: a year, and no question even when the page is loaded again. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** An ETag from the content itself, so that it is the same at every replica. */
export const etagOf = (content: string): string => `"${hash('sha1', content, 'base64url')}"`;

/** Returns the reply with its ETag, or a 304 without a body when the client has this content already. */
export function unlessKnown(given: IncomingHttpHeaders, etag: string, reply: Reply): Reply {
  // A cache replaces stored headers by the headers of a 304. So a 304 has the content type of the content.
  const headers = { 'content-type': 'application/json', ...reply.headers, etag };
  return knows(given['if-none-match'], etag) ? { status: 304, body: '', headers } : { ...reply, headers };
}

/** A proxy that compresses an answer makes its ETag weak (W/ in front). It is still the same content. */
function knows(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
