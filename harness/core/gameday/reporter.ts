import type { GamedayDocument } from './document.ts';
import type { GamedayEvent } from './events.ts';
import type { GamedayState } from './state.ts';

/** What an after-action report is made of. */
export interface GamedayRead {
  readonly document: GamedayDocument;
  readonly events: readonly GamedayEvent[];
  readonly state: GamedayState;
  /** Documents of earlier game days of the same file, the oldest first. */
  readonly earlier: readonly GamedayDocument[];
  /** Returns a file of a run's folder; undefined when there is none. */
  readonly read: (dir: string, file: string) => string | undefined;
}

/** Makes the content of one file in the folder of a game day. May not throw. */
export interface GamedayReporter {
  /** The name of the file. */
  readonly file: string;
  render(gameday: GamedayRead): string;
}
