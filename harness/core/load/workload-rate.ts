import type { Workload } from './load.ts';

/** The share of all requests that one endpoint gets. */
export interface RequestShare {
  /** Positions: the scenario in the workload, and the endpoint in the scenario. */
  readonly scenario: number;
  readonly endpoint: number;
  /** 0 to 1. The shares of a workload add up to 1. */
  readonly share: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const totalWeight = (workload: Workload): number => sum(workload.scenarios.map(({ weight }) => weight));

/** Returns the requests per second of an average user: the frequencies of the endpoints, weighted by scenario. */
export function ratePerUser(workload: Workload): number {
  const weighted = workload.scenarios.map(({ weight, endpoints }) => weight * sum(endpoints.map((e) => e.frequency)));
  return sum(weighted) / totalWeight(workload);
}

/** Returns how many users together make this rate (requests per second), rounded. */
export const virtualUsersFor = (workload: Workload, ratePerS: number): number =>
  Math.round(ratePerS / ratePerUser(workload));

/**
 * Returns the share of requests that each endpoint gets, in the workload's order. This is not the share of users: few
 * users who ask often make more requests than many users who seldom ask.
 */
export function requestShares(workload: Workload): readonly RequestShare[] {
  const rate = ratePerUser(workload) * totalWeight(workload);
  return workload.scenarios.flatMap(({ weight, endpoints }, scenario) =>
    endpoints.map(({ frequency }, endpoint) => ({ scenario, endpoint, share: (weight * frequency) / rate })),
  );
}

/** Returns the share of requests that each scenario gets, in the workload's order. */
export function scenarioShares(workload: Workload): readonly number[] {
  const shares = requestShares(workload);
  return workload.scenarios.map((_, scenario) =>
    sum(shares.filter((s) => s.scenario === scenario).map((s) => s.share)),
  );
}
