/** The nearest number that a DECIMAL(precision, scale) column holds; null for none. An overflow would lose the whole run. */
export function decimal(value: number | null | undefined, precision: number, scale: number): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const most = 10 ** (precision - scale) - 10 ** -scale;
  return Number(Math.min(most, Math.max(-most, value)).toFixed(scale));
}

/** The same for INTEGER. */
export const integer = (value: number): number => Math.round(Math.min(2_147_483_647, Math.max(-2_147_483_648, value)));

/** The same for BIGINT, as far as a number is exact. */
export const bigint = (value: number | null): number | null =>
  value === null || Number.isNaN(value) ? null : Math.round(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, value)));

/** Part of a whole in percent; null of nothing. */
export const percent = (part: number, whole: number): number | null => (whole > 0 ? (part / whole) * 100 : null);
