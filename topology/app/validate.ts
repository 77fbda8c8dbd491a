import { badRequest } from './errors.ts';

/** Turns an untrusted value into a T, or throws a 400 that names the place. */
export type Rule<T> = (value: unknown, place: string) => T;

export const int =
  (min: number, max: number): Rule<number> =>
  (value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw badRequest(`${place}: a whole number from ${min} to ${max}.`);
  };

/** The largest int of PostgreSQL. */
export const MAX_ID = 2_147_483_647;

export const id: Rule<number> = int(1, MAX_ID);

/** Refuses NUL, because PostgreSQL's text cannot hold it. */
export const text =
  (min: number, max: number): Rule<string> =>
  (value, place) => {
    if (typeof value === 'string' && value.length >= min && value.length <= max && !value.includes('\0')) return value;
    throw badRequest(`${place}: a text of ${min} to ${max} characters.`);
  };

export const oneOf =
  <const T extends readonly string[]>(allowed: T): Rule<T[number]> =>
  (value, place) => {
    if (typeof value === 'string' && allowed.includes(value)) return value;
    throw badRequest(`${place}: one of ${allowed.join(', ')}.`);
  };

const DAY = /^2\d{3}-\d{2}-\d{2}$/;

export const date: Rule<string> = (value, place) => {
  if (typeof value === 'string' && DAY.test(value) && new Date(value).toJSON()?.startsWith(value)) return value;
  throw badRequest(`${place}: a date, YYYY-MM-DD.`);
};

const INSTANT = /^2\d{3}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

export const instant: Rule<string> = (value, place) => {
  if (typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw badRequest(`${place}: a time with its offset, such as 2027-06-05T13:00:00Z.`);
};

export const base64 =
  (maxBytes: number): Rule<Buffer> =>
  (value, place) => {
    const wellFormed = typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
    const bytes = wellFormed ? Buffer.from(value, 'base64') : undefined;
    if (bytes && bytes.length <= maxBytes) return bytes;
    throw badRequest(`${place}: base64 of 1 to ${maxBytes} bytes.`);
  };

/** Ignores members that the shape does not have, because clients may be newer than the service. */
export const object =
  <Shape extends Readonly<Record<string, Rule<unknown>>>>(
    shape: Shape,
  ): Rule<{ [K in keyof Shape]: ReturnType<Shape[K]> }> =>
  (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest(`${place}: an object.`);
    const given = value as Record<string, unknown>;
    const checked = Object.entries(shape).map(([name, rule]) => [name, rule(given[name], `${place}.${name}`)]);
    return Object.fromEntries(checked) as { [K in keyof Shape]: ReturnType<Shape[K]> };
  };

/** Reads a whole number from a query string or a path. It may be absent only when there is a default. */
export function integerOf(
  raw: string | null | undefined,
  place: string,
  min: number,
  max: number,
  absent?: number,
): number {
  if ((raw === null || raw === undefined || raw === '') && absent !== undefined) return absent;
  return int(min, max)(/^\d{1,15}$/.test(raw ?? '') ? Number(raw) : undefined, place);
}
