import { createHash } from 'node:crypto';

/**
 * Returns the SHA-256 of a value as JSON, 64 hexadecimal digits. The order of keys does not matter, and a key without a
 * value counts as absent. So a plan has the same digest in memory and when it is read back from a record.
 */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

const canonical = (value: unknown): string => JSON.stringify(value, sorted) ?? '';

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
