/**
 * Readings come about once an interval, and not exactly on time. After more than this many intervals without a reading
 * nobody knows what happened meanwhile.
 */
const INTERVALS = 2.5;

/** Says whether nothing is known of the time between two readings. All in milliseconds. */
export const isSilence = (betweenMs: number, everyMs: number): boolean => betweenMs > INTERVALS * everyMs;
