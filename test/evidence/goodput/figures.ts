import { OUTCOMES, type RequestTable } from '../../../harness/core/load/load.ts';
import type { Span } from '../../../harness/core/plan/phases.ts';
import { Latencies } from '../../../harness/core/record/latencies.ts';
import { latenessWithin, openRows } from '../../../harness/core/record/traffic.ts';
import { percentile } from '../../../harness/core/stats.ts';

/** A right answer within this time counts as goodput, milliseconds from the planned moment. */
export const GOOD_MS = 200;
/** Up to the knee, at least this share of the offered requests gets a right answer within GOOD_MS. */
export const KNEE_SHARE = 0.99;

/** One load at one rate, and what became of its requests. */
export interface Step {
  readonly ratePerS: number;
  readonly seconds: number;
  /** The requests of the plan. offered = right + turnedAway + failed + dropped. */
  readonly offered: number;
  readonly right: number;
  /** Right answers within GOOD_MS. */
  readonly good: number;
  /** Answers of 503 with Retry-After. */
  readonly turnedAway: number;
  readonly failed: number;
  /** Requests that the generator itself could not send. */
  readonly dropped: number;
  /** Of the right answers, milliseconds; null when there were none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** How late the generator sent its requests, milliseconds. */
  readonly lagP99Ms: number | null;
  /**
   * Processor time in percent of one core: all containers of this side, of the other side, the generator, and everything
   * else on the machine, the engine included.
   */
  readonly cpu: {
    readonly topology: number;
    readonly other: number;
    readonly generator: number;
    readonly elsewhere: number;
  };
  /** Processor time of this side by service, all its containers together, in percent of one core. */
  readonly services: Readonly<Record<string, number>>;
  /** Why the figures may say more about the generator than about the topology. */
  readonly invalid: readonly string[];
}

const OK = OUTCOMES.indexOf('ok');
const TURNED_AWAY = OUTCOMES.indexOf('turned_away');
const DROPPED = OUTCOMES.indexOf('dropped');

/** Returns the figures of the requests that were planned within a span. */
export function figuresOf(requests: RequestTable, span: Span): Omit<Step, 'ratePerS' | 'cpu' | 'services' | 'invalid'> {
  const rows = openRows(requests, span);
  const count = (outcome: number): number => rows.filter((i) => requests.outcome[i] === outcome).length;
  const took = rows
    .filter((i) => requests.outcome[i] === OK)
    .map((i) => (requests.done[i] ?? NaN) - (requests.planned[i] ?? NaN));
  const latencies = new Latencies('successful', took);
  const [turnedAway, dropped] = [count(TURNED_AWAY), count(DROPPED)];
  return {
    seconds: (span.ended - span.started) / 1_000,
    offered: rows.length,
    right: took.length,
    good: took.filter((ms) => ms <= GOOD_MS).length,
    turnedAway,
    failed: rows.length - took.length - turnedAway - dropped,
    dropped,
    p50Ms: latencies.percentile(50) ?? null,
    p95Ms: latencies.percentile(95) ?? null,
    lagP99Ms: percentile(latenessWithin(requests, [span]), 99) ?? null,
  };
}

/** All steps at one rate together. */
export interface AtRate {
  readonly ratePerS: number;
  /** Right answers within GOOD_MS, a second. */
  readonly goodput: number;
  /** Right answers within GOOD_MS, of all offered requests. */
  readonly share: number;
  readonly steps: readonly Step[];
}

const sum = (steps: readonly Step[], of: (step: Step) => number): number =>
  steps.reduce((total, step) => total + of(step), 0);

/** Puts the steps of each rate together, the lowest rate first. */
export const atRates = (steps: readonly Step[]): AtRate[] =>
  [...Map.groupBy(steps, ({ ratePerS }) => ratePerS)]
    .toSorted(([a], [b]) => a - b)
    .map(([ratePerS, same]) => ({
      ratePerS,
      goodput: sum(same, (s) => s.good) / sum(same, (s) => s.seconds),
      share: sum(same, (s) => s.good) / sum(same, (s) => s.offered),
      steps: same,
    }));
