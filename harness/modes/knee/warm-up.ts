/** The load at the same rate before the time of a step that counts, milliseconds. */
export const WARM_UP_MS = 3_000;
