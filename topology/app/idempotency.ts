import { createHash } from 'node:crypto';
import { badRequest } from './errors.ts';

const LONGEST_KEY = 200;
/** Levels of lists and objects in a body. A body of 512 KB could have more levels than the stack of calls. */
const DEEPEST = 100;

/** Returns the request's Idempotency-Key. Throws a 400 when it is missing, too long or not printable ASCII. */
export function idempotencyKey(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') throw badRequest('Send an Idempotency-Key header with every write.');
  if (key.length > LONGEST_KEY) throw badRequest(`Idempotency-Key is longer than ${LONGEST_KEY} characters.`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw badRequest('Idempotency-Key must be printable ASCII without spaces.');
  return key;
}

/**
 * SHA-256 (hex) of the body's content. The order of its members and the spacing do not matter. Throws a 400 when the
 * body is nested too deep.
 */
export const bodyHash = (body: unknown): string => createHash('sha256').update(canonical(body, DEEPEST)).digest('hex');

/** `levels`: how many levels the value may have. */
function canonical(value: unknown, levels: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (levels === 0) throw badRequest(`The body has more than ${DEEPEST} levels.`);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, levels - 1)).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, levels - 1)}`);
  return `{${written.join(',')}}`;
}
