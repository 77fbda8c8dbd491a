import { plannedWithin } from '../core/arrivals.ts';
import type { EndpointSpec } from '../core/load.ts';
import { PHASES, type Phase } from '../core/phases.ts';
import type { Plan } from '../core/plan.ts';
import { proportionBounds } from '../core/stats.ts';
import { requestShares } from '../core/workload-rate.ts';
import type { Mismatch } from './names.ts';

interface Limited {
  readonly below?: number;
  readonly of?: string;
  readonly during?: readonly (keyof Plan['phases'])[];
}

const means = (what: string | undefined, endpoint: EndpointSpec): boolean =>
  what === undefined || what === 'all' || endpoint.name === what || `${endpoint.kind}s` === what;

/** How many requests the load plans for each phase: it begins with the warm-up, and healing is taken to need no time. */
function requestsByPhase({ load, phases }: Plan): Readonly<Record<Phase, number>> {
  let from = 0;
  const entries = PHASES.map((phase): [Phase, number] => {
    const to = from + (phase === 'heal' ? 0 : phases[phase]);
    const requests = plannedWithin(load.arrivals, from, to);
    from = to;
    return [phase, requests];
  });
  return Object.fromEntries(entries) as Record<Phase, number>;
}

/** In all phases together, healing not counted. */
export const plannedRequests = (plan: Plan): number =>
  Object.values(requestsByPhase(plan)).reduce((sum, requests) => sum + requests, 0);

/** Phases in which the planned requests, even if all of them are clean, cannot settle a hypothesis about errors. */
export function tooFewRequests(plan: Plan): Mismatch[] {
  const { workload } = plan.load;
  const asked = requestsByPhase(plan);
  return plan.hypotheses.flatMap(({ check, params }, i): Mismatch[] => {
    const { below, of, during = [] } = params as Limited;
    if (check !== 'errors' || below === undefined) return [];
    const share = requestShares(workload)
      .filter((s) => {
        const endpoint = workload.scenarios[s.scenario]?.endpoints[s.endpoint];
        return endpoint !== undefined && means(of, endpoint);
      })
      .reduce((sum, s) => sum + s.share, 0);
    return during.flatMap((phase, n): Mismatch[] => {
      // How long healing takes nobody knows beforehand.
      if (phase === 'heal') return [];
      const planned = Math.floor(asked[phase] * share);
      if (proportionBounds(0, planned).upper < below) return [];
      const least = Math.ceil(Math.log(0.05) / Math.log1p(-below));
      const limit = `${Number((below * 100).toPrecision(6))}%`;
      const message = `the ${phase} phase plans ${planned} such requests, and "below ${limit}" needs ${least} clean ones`;
      const seconds = Math.ceil((least / planned) * (plan.phases[phase] / 1_000));
      const longer = planned === 0 ? '' : `Make phases.${phase} at least ${seconds}s, or `;
      const hint = `${longer === '' ? 'R' : `${longer}r`}aise the rate: else it ends INCONCLUSIVE.`;
      return [{ path: ['hypotheses', i, check, 'during', n], code: 'CHAOS_TOO_FEW_REQUESTS', message, hint }];
    });
  });
}
