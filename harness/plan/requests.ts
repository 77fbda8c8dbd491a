import { plannedWithin } from '../core/load/arrivals.ts';
import type { EndpointSpec, Workload } from '../core/load/load.ts';
import { requestShares } from '../core/load/workload-rate.ts';
import { PHASES, type Phase } from '../core/plan/phases.ts';
import type { Plan } from '../core/plan/plan.ts';

/** Returns how many requests the load plans for each phase, from the warm-up on. The heal phase counts as no time. */
export function requestsByPhase({ load, phases }: Pick<Plan, 'load' | 'phases'>): Readonly<Record<Phase, number>> {
  let from = 0;
  const entries = PHASES.map((phase): [Phase, number] => {
    const to = from + (phase === 'heal' ? 0 : phases[phase]);
    const requests = plannedWithin(load.arrivals, from, to);
    from = to;
    return [phase, requests];
  });
  return Object.fromEntries(entries) as Record<Phase, number>;
}

/** Returns how many requests the load plans in all phases together, without the heal phase. */
export const plannedRequests = (plan: Pick<Plan, 'load' | 'phases'>): number =>
  Object.values(requestsByPhase(plan)).reduce((sum, requests) => sum + requests, 0);

const selects = (what: string | undefined, endpoint: EndpointSpec): boolean =>
  what === undefined || what === 'all' || endpoint.name === what || `${endpoint.kind}s` === what;

/** Returns the share of the requests that `reads`, `writes`, `all` or a name selects, 0 to 1. */
export function shareOf(workload: Workload, what: string | undefined): number {
  const wanted = requestShares(workload)
    .filter((s) => {
      const endpoint = workload.scenarios[s.scenario]?.endpoints[s.endpoint];
      return endpoint !== undefined && selects(what, endpoint);
    })
    .reduce((sum, s) => sum + s.share, 0);
  // The shares of all endpoints may add up to slightly less than 1.
  return Math.min(1, wanted + 1e-9);
}

/** One-sided 95 % quantile of the normal distribution. */
const Z = 1.645;

/**
 * Returns the least number of requests of one kind among n requests, with 95 % confidence. `share`: the share of this
 * kind among all requests. The number varies, because the endpoint of each request is drawn at random.
 */
export const surely = (n: number, share: number): number =>
  // A very small amount more, because an integral of rates may come to 2,999.9999.
  Math.max(0, Math.floor(n * share - Z * Math.sqrt(n * share * (1 - share)) + 1e-6));

/** Returns the least n for which `surely` returns at least `least`: the inverse of `surely`. */
export function drawsFor(least: number, share: number): number {
  const root = (Z * Math.sqrt(1 - share) + Math.sqrt(Z * Z * (1 - share) + 4 * least)) / 2;
  return (root * root) / share;
}
