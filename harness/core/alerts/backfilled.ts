/**
 * Samples that nobody measured have this value of the label `history`: a past that was made up, so that a rule that looks
 * back for hours can be looked at. They count for alert rules, and for nothing else.
 */
export const BACKFILLED = 'backfilled';

/** Says whether a series is one of a history that was made up. */
export const isBackfilled = (labels: Readonly<Record<string, string>>): boolean => labels['history'] === BACKFILLED;
