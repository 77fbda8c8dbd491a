import { LEAST_STATUS, type RequestTable } from '../load/load.ts';
import type { Span } from '../plan/phases.ts';
import { countAll, type ManyCounted, type RawCounters } from './counters.ts';

/** One number of a monitoring system beside the number of the request ledger. */
interface Compared {
  /** From the raw samples of the counters. */
  readonly counted: number;
  /** In the ledger: requests with an answer. */
  readonly ledger: number;
  /** Answers of the ledger between the last scrape before a reset and the reset: no counter can have shown them. */
  readonly unseen_at_most: number;
  readonly equal: boolean;
  /** The two do not contradict each other: what is missing was answered where no counter could show it. */
  readonly consistent: boolean;
}

interface AgainstLedger {
  readonly requests: Compared;
  readonly errors: Compared;
  readonly resets: number;
  /** How many series were first seen long after the beginning, when they had counted already. */
  readonly late: number;
}

/** Which answered requests of the ledger the counters count. */
interface LedgerPart {
  /** Default: every request with an answer. */
  readonly counts?: (requests: RequestTable, row: number) => boolean;
  /** Default: a status of 500 or more. */
  readonly isError?: (requests: RequestTable, row: number) => boolean;
}

/**
 * Compares the counters of a monitoring system with the ledger of a run. `span` of the counters must begin before the first
 * request, and must end after the scrape that follows the last answer. Requests of the open stream and of the pressure
 * count alike. The counters must be of the place where every request arrives, and count nothing but the run's requests.
 */
export function againstLedger(raw: RawCounters, ledger: RequestTable, part: LedgerPart = {}): AgainstLedger {
  const { counts = answered, isError = serverError } = part;
  const { requests, errors, resets: gaps } = countAll(raw);
  const rows = Array.from({ length: ledger.length }, (_, row) => row).filter(
    (row) => answered(ledger, row) && counts(ledger, row) && within(raw.span, ledger.done[row] ?? NaN),
  );
  const bad = rows.filter((row) => isError(ledger, row));
  const compared = (many: ManyCounted, of: readonly number[]): Compared => {
    const counted = many.increments.reduce((sum, { count }) => sum + count, 0);
    const unseen = of.filter((row) => gaps.some(({ from, to }) => touches(ledger, row, from, to))).length;
    const missing = of.length - counted;
    return {
      counted,
      ledger: of.length,
      unseen_at_most: unseen,
      equal: missing === 0,
      consistent: missing >= 0 && missing <= unseen,
    };
  };
  return {
    requests: compared(requests, rows),
    errors: compared(errors, bad),
    resets: gaps.length,
    late: requests.late + errors.late,
  };
}

const answered = ({ status }: RequestTable, row: number): boolean => (status[row] ?? 0) >= LEAST_STATUS;

const serverError = ({ status }: RequestTable, row: number): boolean => (status[row] ?? 0) >= 500;

const within = ({ started, ended }: Span, t: number): boolean => t >= started && t < ended;

/** A request may have been counted at any time from its first byte on the wire to its last. */
const touches = (ledger: RequestTable, row: number, from: number, to: number): boolean =>
  (ledger.sent[row] ?? NaN) < to && (ledger.done[row] ?? NaN) >= from;
