import { burntShare, errorShare, percentOf } from './counted.ts';
import type { Objective } from './objective.ts';
import type { FaultCount, RunSla } from './run-sla.ts';

/** What a fault cost. Keys as in `chaos sla --json`. */
export interface Burn extends FaultCount {
  readonly error_percent: number | null;
  /** The part of a month's error budget that the fault burnt. Null without requests. */
  readonly burnt_percent: number | null;
  /** The same with the upper 95 % bound of the share of errors. */
  readonly burnt_at_most_percent: number | null;
  /** The requests of a Saturday in the same length of time. */
  readonly saturday_requests: number;
  /**
   * How many of these would have failed: the same share, for the same time. It is taken that the share does not grow with
   * the load. Null without requests.
   */
  readonly saturday_errors: number | null;
}

export function burnOf(count: FaultCount, objective: Objective): Burn {
  const share = errorShare(count);
  const requests = Math.round(count.observed_s * objective.saturdayPerS);
  const most = count.error_share_at_most;
  const atMost = most === null ? undefined : burntShare({ ...count, errors: most * count.requests }, objective);
  return {
    ...count,
    error_percent: percentOf(share),
    burnt_percent: percentOf(burntShare(count, objective)),
    burnt_at_most_percent: percentOf(atMost),
    saturday_requests: requests,
    saturday_errors: share === undefined ? null : Math.round(share * requests),
  };
}

/** The counts of a run, and what they mean for an objective: `sla` in run.json. */
export interface JudgedSla extends RunSla {
  readonly objective_percent: number;
  readonly month_days: number;
  readonly saturday_per_s: number;
  readonly faults: readonly Burn[];
}

export const judgedSla = (sla: RunSla, objective: Objective): JudgedSla => ({
  objective_percent: percentOf(objective.share) ?? 0,
  month_days: objective.days,
  saturday_per_s: objective.saturdayPerS,
  ...sla,
  faults: sla.faults.map((fault) => burnOf(fault, objective)),
});

/** Returns the objective that a run was judged by. */
export const objectiveIn = (sla: JudgedSla): Objective => ({
  share: sla.objective_percent / 100,
  days: sla.month_days,
  saturdayPerS: sla.saturday_per_s,
});
