import type { EndpointSpec } from '../core/load.ts';
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

/** Phases in which the planned requests, even if all of them are clean, cannot settle a hypothesis about errors. */
export function tooFewRequests(plan: Plan): Mismatch[] {
  const { workload, ratePerS } = plan.load;
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
      const planned = Math.floor((ratePerS * share * plan.phases[phase]) / 1_000);
      if (proportionBounds(0, planned).upper < below) return [];
      const least = Math.ceil(Math.log(0.05) / Math.log1p(-below));
      const limit = `${Number((below * 100).toPrecision(6))}%`;
      const message = `the ${phase} phase plans ${planned} such requests, and "below ${limit}" needs ${least} clean ones`;
      const seconds = Math.ceil(least / (ratePerS * share));
      const hint = `Make phases.${phase} at least ${seconds}s, or raise the rate: else it ends INCONCLUSIVE.`;
      return [{ path: ['hypotheses', i, check, 'during', n], code: 'CHAOS_TOO_FEW_REQUESTS', message, hint }];
    });
  });
}
