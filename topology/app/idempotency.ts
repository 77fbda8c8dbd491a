import { createHash } from 'node:crypto';
import { badRequest } from './errors.ts';

const LONGEST_KEY = 200;

/** The request's Idempotency-Key; 400 without one, or with one that is not printable ASCII. */
export function idempotencyKey(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') throw badRequest('Send an Idempotency-Key header with every write.');
  if (key.length > LONGEST_KEY) throw badRequest(`Idempotency-Key is longer than ${LONGEST_KEY} characters.`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw badRequest('Idempotency-Key must be printable ASCII without spaces.');
  return key;
}

/** SHA-256 (hex) of what the body says: the order of members and the spacing do not matter. */
export const bodyHash = (body: unknown): string => createHash('sha256').update(canonical(body)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
