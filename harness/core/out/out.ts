import type { RunEvent } from '../record/events.ts';
import type { RunDocument, Subscriber } from '../record/run.ts';
import type { Delivery } from './delivery.ts';

/** How a run ended, as far as others are told. */
export type Ending = Pick<
  RunDocument,
  'verdict' | 'exit_code' | 'restored' | 'run' | 'dir' | 'title' | 'experiment' | 'started' | 'ended'
> &
  Pick<RunDocument, 'checks' | 'faults' | 'residue'> &
  Pick<Partial<RunDocument>, 'reason'>;

export interface Followed {
  readonly by: 'run' | 'guardian' | 'heal';
  /** Removes secrets from texts that leave this machine. */
  redact(text: string): string;
  /** Tells a person, a line at a time, what was not delivered. */
  warn(line: string): void;
  /** What the record of the run has already. Nobody is told of it again. */
  readonly before?: readonly RunEvent[];
}

/** A run that others watch. It receives the events of the run. No call throws, and no call holds the run. */
export interface FollowedRun extends Subscriber {
  /**
   * The run is over, and its results are written. Resolves with everything that was told about the run, at the latest when
   * the deadline of the deliveries has passed.
   */
  ended(ending: Ending): Promise<readonly Delivery[]>;
  /** What was told so far and did not arrive. */
  readonly undelivered: readonly Delivery[];
}

/** How others are told about runs. */
export interface Out {
  follow(followed: Followed): FollowedRun;
  /** Nothing of any run is in force on a topology any more. Corrects what a dead run has told about itself. */
  idle(project: string): void;
}

const NOBODY: FollowedRun = {
  onEvent: () => undefined,
  close: () => undefined,
  ended: () => Promise.resolve([]),
  undelivered: [],
};

/** Nobody is told anything. */
export const NO_OUT: Out = { follow: () => NOBODY, idle: () => undefined };
