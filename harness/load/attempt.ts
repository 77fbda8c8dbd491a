import { OUTCOMES, SOURCES, type Outcome, type Source, type WriteRecord } from '../core/load/load.ts';
import type { RequestRow } from '../core/load/samples.ts';
import { writeOutcome, type Answer } from './http/answer.ts';
import type { PreparedRequest } from './http/request.ts';

const SOURCE_CODE = Object.fromEntries(SOURCES.map((name, code) => [name, code])) as Record<Source, number>;
const OUTCOME_CODE = Object.fromEntries(OUTCOMES.map((name, code) => [name, code])) as Record<Outcome, number>;
const PRESSURE = SOURCE_CODE.pressure;

/**
 * A planned request from its plan to its end, and its row in the table of samples. Times are in epoch milliseconds; a
 * time is NaN until its event happens.
 */
export class Attempt implements RequestRow {
  readonly request: PreparedRequest;
  readonly source: number;
  readonly endpoint: number;
  readonly scenario: number;
  readonly planned: number;
  readonly number: number;
  sent = NaN;
  firstByte = NaN;
  done = NaN;
  outcome = 0;
  status = 0;
  /** The request began to leave, so the server may have acted on it. */
  written = false;
  ended = false;

  constructor(request: PreparedRequest, source: Source, planned: number) {
    this.request = request;
    this.source = SOURCE_CODE[source];
    this.endpoint = request.endpoint;
    this.scenario = request.scenario;
    this.planned = planned;
    this.number = request.number;
  }

  get pressure(): boolean {
    return this.source === PRESSURE;
  }

  end(outcome: Outcome, status: number, done: number): void {
    this.ended = true;
    this.outcome = OUTCOME_CODE[outcome];
    this.status = status;
    this.done = done;
  }
}

/**
 * Returns what the client knows of a write that has ended, and undefined for a read. `sent` is 0 when the write was
 * never sent.
 */
export function writeRecordOf(attempt: Attempt, outcome: Outcome, answer?: Answer): WriteRecord | undefined {
  const { key, token, spec } = attempt.request;
  if (spec.kind !== 'write') return undefined;
  return {
    key,
    endpoint: spec.name,
    token,
    source: attempt.pressure ? 'pressure' : 'open',
    outcome: writeOutcome(outcome, attempt.status, attempt.written),
    sent: Number.isNaN(attempt.sent) ? 0 : attempt.sent,
    done: attempt.done,
    ...(answer?.entity === undefined ? {} : { entity: answer.entity }),
    ...(answer?.version === undefined ? {} : { version: answer.version }),
  };
}
