const HOUR_MS = 3_600_000;
const UNITS_MS = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS } as const;
const PATTERN = /^(\d+)(h|d|w)$/;
/** "2026-11-24", also with a time. Without a time zone it is UTC. */
const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
const ZONE = /(?:Z|[+-]\d\d:\d\d)$/;

/** Returns the milliseconds of an age like "12h", "90d" or "2w"; undefined when the text is no age. */
export function parseAge(text: string): number | undefined {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/**
 * Returns the moment of a date ("2026-11-24", "2026-11-24T04:30Z") or of an age before `now`, epoch milliseconds;
 * undefined when the text is neither.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const age = parseAge(text);
  if (age !== undefined) return now - age;
  if (!DATE.test(text)) return undefined;
  const at = Date.parse(text.includes('T') && !ZONE.test(text) ? `${text}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}
