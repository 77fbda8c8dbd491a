import type { Protocol } from '../../../core/kinds/protocol.ts';
import type { Answer, Question } from '../../../core/topology/witness.ts';
import type { Connection } from './connection.ts';

/** A question, and what the witness keeps between two times of asking it. */
export interface Asked {
  readonly question: Question;
  readonly protocol: Protocol;
  /** A conversation that has got no answer yet. */
  pending: Promise<Result> | undefined;
  /** The connection that a question of the kind 'held' keeps open. */
  line: Connection | undefined;
}

/** The result of asking once. `ok`: there was no error. */
export type Result = Partial<Answer>;

export const failed = (error: string): Result => ({ ok: false, error });
