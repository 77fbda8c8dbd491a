import { OUTCOMES, SOURCES, type Outcome, type Source, type WriteRecord } from '../core/load.ts';
import type { RequestRow } from '../core/samples.ts';
import { writeOutcome, type Answer } from './answer.ts';
import type { PreparedRequest } from './request.ts';

/** A planned request on its way to its one end. Times are epoch milliseconds, NaN until it comes to that. */
export interface Attempt {
  readonly request: PreparedRequest;
  readonly source: Source;
  readonly planned: number;
  sent: number;
  /** The other side may have acted on it. */
  written: boolean;
  firstByte: number;
  ended: boolean;
}

export const newAttempt = (request: PreparedRequest, source: Source, planned: number): Attempt => ({
  request,
  source,
  planned,
  sent: NaN,
  written: false,
  firstByte: NaN,
  ended: false,
});

/** Its line in the table of samples. */
export const rowOf = (attempt: Attempt, outcome: Outcome, status: number, done: number): RequestRow => ({
  planned: attempt.planned,
  sent: attempt.sent,
  firstByte: attempt.firstByte,
  done,
  endpoint: attempt.request.endpoint,
  scenario: attempt.request.scenario,
  outcome: OUTCOMES.indexOf(outcome),
  status,
  source: SOURCES.indexOf(attempt.source),
  number: attempt.request.number,
});

/** What the client knows of it, if it is a write; `sent` is 0 when it never was. */
export function writeRecordOf(
  attempt: Attempt,
  outcome: Outcome,
  status: number,
  done: number,
  answer?: Answer,
): WriteRecord | undefined {
  const { key, token, spec } = attempt.request;
  if (spec.kind !== 'write') return undefined;
  return {
    key,
    endpoint: spec.name,
    token,
    source: attempt.source,
    outcome: writeOutcome(outcome, status, attempt.written),
    sent: Number.isNaN(attempt.sent) ? 0 : attempt.sent,
    done,
    ...(answer?.entity === undefined ? {} : { entity: answer.entity }),
    ...(answer?.version === undefined ? {} : { version: answer.version }),
  };
}
