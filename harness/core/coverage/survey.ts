import type { Cell, CellState } from './cell.ts';
import type { Job } from './jobs.ts';

/** What is proven about a topology, and which experiments would prove the rest. `chaos coverage` prints it. */
export interface Survey {
  /** The name of the Compose project. */
  readonly project: string;
  /** Whether an engine said which images there are now. Otherwise their names were compared. */
  readonly images_compared: boolean;
  readonly cells: readonly Cell[];
  readonly counts: Readonly<Record<CellState, number>>;
  /** The experiments that would fill every gap, in the order of the cells. */
  readonly jobs: readonly Job[];
  /** How long all of them take. */
  readonly minutes: number;
  /** Those that fit into the time that was given, the most valuable first. Empty when none was given. */
  readonly planned: readonly Job[];
  /** By which rule they are chosen, in words. */
  readonly rule: string;
}
