/** Requests a second beside every step. They show when faults are in force, and when the system is as before. */
export const LIGHT_PER_S = 5;
/** Requests a second. Below this rate the bounds of a step would need too long. */
export const LEAST_PER_S = 2 * LIGHT_PER_S;
/** A search begins at most here: what no system carries only hurts it. Requests a second. */
export const FROM_PER_S = 200;
export const MOST_PER_S = 5_000;
export const MOST_TIMES = 50;
/** The specification of a cell: no search with something gone takes longer. Milliseconds. */
export const LONGEST_CELL_MS = 360_000;
/** A search in less time than this finds nothing, milliseconds. */
export const SHORTEST_SEARCH_MS = 30_000;
