/**
 * Returns the nearest number that a DECIMAL(precision, scale) column can hold, and null for no number. Without this
 * limit an overflow would lose all rows of the run.
 */
export function decimal(value: number | null | undefined, precision: number, scale: number): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const most = 10 ** (precision - scale) - 10 ** -scale;
  return Number(Math.min(most, Math.max(-most, value)).toFixed(scale));
}

/** Returns the nearest number that an INTEGER column can hold. */
export const integer = (value: number): number => Math.round(Math.min(2_147_483_647, Math.max(-2_147_483_648, value)));

/** Returns the nearest whole number from 0 to 2^53 - 1, for a BIGINT column; null for no number. */
export const bigint = (value: number | null): number | null =>
  value === null || Number.isNaN(value) ? null : Math.round(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, value)));

/** Returns the part in percent of the whole; null when the whole is 0. */
export const percent = (part: number, whole: number): number | null => (whole > 0 ? (part / whole) * 100 : null);
