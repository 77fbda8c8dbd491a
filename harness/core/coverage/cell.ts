import type { Component } from './component.ts';

/** The states of a cell, the most telling first. */
export const CELL_STATES = ['failed', 'proven', 'stale', 'unclear', 'never', 'not applicable'] as const;
export type CellState = (typeof CELL_STATES)[number];

/**
 * One failure at one component, and what the recorded runs say about it. Scripts depend on it: keys may be added, and
 * never changed or removed.
 */
export interface Cell {
  readonly component: string;
  readonly kind: Component['kind'];
  /** The name of a fault. */
  readonly failure: string;
  readonly state: CellState;
  /** The run that decides the state, or the last that tried and decided nothing. Null when there was none. */
  readonly run: string | null;
  /** When that run began, ISO 8601. */
  readonly when: string | null;
  /** Why the cell has this state, in words. Null when nothing is to be said. */
  readonly reason: string | null;
  /** The name of the run's experiment. */
  readonly experiment: string | null;
  /** What is another thing since that run, in words. Empty unless the cell is stale. */
  readonly changed: readonly string[];
}

/** The states in which a cell asks for a run. */
export const GAPS = ['never', 'stale', 'unclear'] as const satisfies readonly CellState[];

export const isGap = ({ state }: Cell): boolean => (GAPS as readonly CellState[]).includes(state);
