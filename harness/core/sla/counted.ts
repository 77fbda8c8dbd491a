import { budgetSeconds, type Objective } from './objective.ts';

/** How the requests of some time ended. Keys as in run.json. */
export interface Counted {
  /** Seconds that were observed. */
  readonly observed_s: number;
  /** Requests that the system had to answer. */
  readonly requests: number;
  /** Requests that failed. */
  readonly errors: number;
  /** Seconds in which at least half of the requests failed. */
  readonly down_s: number;
}

export const NOTHING_COUNTED: Counted = { observed_s: 0, requests: 0, errors: 0, down_s: 0 };

/** A slot of time is down when at least this share of its requests failed. */
export const DOWN_SHARE = 0.5;

export const sumOf = (all: readonly Counted[]): Counted =>
  all.reduce(
    (sum, one) => ({
      observed_s: sum.observed_s + one.observed_s,
      requests: sum.requests + one.requests,
      errors: sum.errors + one.errors,
      down_s: sum.down_s + one.down_s,
    }),
    NOTHING_COUNTED,
  );

/** Returns the share of requests that failed, 0 to 1. Undefined without requests: no evidence is no zero. */
export const errorShare = ({ requests, errors }: Pick<Counted, 'requests' | 'errors'>): number | undefined =>
  requests === 0 ? undefined : errors / requests;

/**
 * Returns the part of a month's error budget that some time burnt, 0 to 1 and above: the share of errors, times the
 * observed seconds, divided by the seconds of a full outage that the month allows. So a month is taken to have the load of
 * this time throughout. Undefined without requests.
 */
export function burntShare(counted: Counted, objective: Objective): number | undefined {
  const share = errorShare(counted);
  return share === undefined ? undefined : (share * counted.observed_s) / budgetSeconds(objective);
}

/** Returns the share of the observed time that was not down, 0 to 1. Undefined without requests. */
export const upShare = ({ observed_s: observed, requests, down_s: down }: Counted): number | undefined =>
  requests === 0 || observed === 0 ? undefined : 1 - down / observed;

/** Returns a share as a percentage with six significant digits, for documents. Null when there is none. */
export const percentOf = (share: number | undefined): number | null =>
  share === undefined ? null : Number((share * 100).toPrecision(6));
