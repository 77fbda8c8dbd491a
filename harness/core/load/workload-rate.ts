import type { Workload } from './load.ts';

/** One endpoint's part of all requests. */
export interface RequestShare {
  /** Positions in the workload. */
  readonly scenario: number;
  readonly endpoint: number;
  /** 0 to 1; the shares of a workload add up to 1. */
  readonly share: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const totalWeight = (workload: Workload): number => sum(workload.scenarios.map(({ weight }) => weight));

/** Requests per second that one average user makes: scenario weights times the frequencies of their endpoints. */
export function ratePerUser(workload: Workload): number {
  const weighted = workload.scenarios.map(({ weight, endpoints }) => weight * sum(endpoints.map((e) => e.frequency)));
  return sum(weighted) / totalWeight(workload);
}

/** How many users a rate stands for, to the nearest whole one. */
export const virtualUsersFor = (workload: Workload, ratePerS: number): number =>
  Math.round(ratePerS / ratePerUser(workload));

/**
 * The share of requests that each endpoint gets, in the workload's order. Not the share of users: a scenario of few
 * users who ask often outweighs one of many who seldom ask.
 */
export function requestShares(workload: Workload): readonly RequestShare[] {
  const rate = ratePerUser(workload) * totalWeight(workload);
  return workload.scenarios.flatMap(({ weight, endpoints }, scenario) =>
    endpoints.map(({ frequency }, endpoint) => ({ scenario, endpoint, share: (weight * frequency) / rate })),
  );
}

/** The same by scenario, in the workload's order. */
export function scenarioShares(workload: Workload): readonly number[] {
  const shares = requestShares(workload);
  return workload.scenarios.map((_, scenario) =>
    sum(shares.filter((s) => s.scenario === scenario).map((s) => s.share)),
  );
}
