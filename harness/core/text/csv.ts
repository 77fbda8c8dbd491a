import { visible } from './visible.ts';

/** A text, a number, true or false; null when there is nothing to say. */
export type Value = string | number | boolean | null;

/** These characters need quotes around their field. */
const SPECIAL = /[",\r\n]/;

/**
 * Returns a record of CSV with its line end, as RFC 4180 says. Null and a number that is not finite are an empty field;
 * an empty text is `""`, so that both can be told apart. Control characters are made visible.
 */
export const csvLine = (values: readonly Value[]): string => `${values.map(field).join(',')}\r\n`;

function field(value: Value): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = visible(String(value));
  return text === '' || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
