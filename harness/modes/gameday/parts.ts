import type { Clock } from '../../core/clock.ts';
import type { GamedayRole } from '../../core/gameday/gameday.ts';
import type { RunDocument, Subscriber } from '../../core/record/run.ts';
import type { Cues } from '../../run/cues.ts';

/** When users were served again after a failure, epoch milliseconds. Null: they never felt it. Undefined: nobody can say. */
export type HealthyAt = number | null | undefined;

/** What the engine of a game day needs of the world. */
export interface DayParts {
  readonly clock: Clock;
  /** Carries out the run of an inject. The cues say when its failure begins and ends. */
  run(inject: string, cues: Cues, subscriber: Subscriber): Promise<RunDocument>;
  /** Measures the sound system for some seconds: a run without faults, with its audit. */
  look(subscriber: Subscriber): Promise<RunDocument>;
  /** Returns the folder of a run. */
  folderOf(run: string): string;
  /** Ends the run at work at once and in order. Does nothing when none is at work. */
  abort(): void;
  /** Reads from the record of a run when users were served again. */
  healthyAt(dir: string): HealthyAt;
  /** Returns how many pages of a role are open. */
  open(role: GamedayRole): number;
  /** Returns how long the baseline of an inject must be before its failure, milliseconds. */
  leastBaselineMs(inject: string): number;
}
