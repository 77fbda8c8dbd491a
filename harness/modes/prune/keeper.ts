import type { CoveredRun } from '../../core/coverage/covered-run.ts';
import type { Summary } from '../../record/summaries.ts';
import type { Recorded } from './recorded.ts';

/** What a keeper may look at. */
export interface PruneScene {
  /** Every folder below the reports that can be read, oldest first. */
  readonly all: readonly Recorded[];
  /** How many of each experiment stay, the newest ones. At least 1. */
  readonly keep: number;
  /** The runs of which something may still be in force, whatever their folder says. */
  readonly open: ReadonlySet<string>;
  /** Every run below the reports as trends see it, and as coverage sees it, in any order. */
  readonly summaries: readonly Summary[];
  readonly covered: readonly CoveredRun[];
}

/**
 * Says which folders must stay. It is called once with the scene. The function that it returns gives the reason why a
 * folder must stay, as the rest of a sentence that begins with its name; undefined when this keeper does not need it.
 *
 * To add a keeper: one file in keepers/, and its name in KEEPERS (keepers/index.ts).
 */
export type Keeper = (scene: PruneScene) => (recorded: Recorded) => string | undefined;
