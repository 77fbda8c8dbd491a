import type { Protocol } from '../../../core/kinds/protocol.ts';
import type { Answer, Question } from '../../../core/topology/witness.ts';
import type { Connection } from './connection.ts';

/** A question with what the witness keeps for it from one time to the next. */
export interface Asked {
  readonly question: Question;
  readonly protocol: Protocol;
  /** A conversation that has got no answer yet. */
  pending: Promise<Result> | undefined;
  /** The connection that is held. */
  line: Connection | undefined;
}

/** What one time of asking gave. `ok` is whether there was no error. */
export type Result = Partial<Answer>;

export const failed = (error: string): Result => ({ ok: false, error });
