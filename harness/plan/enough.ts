import { plannedWithin } from '../core/load/arrivals.ts';
import type { EndpointSpec } from '../core/load/load.ts';
import { PHASES, type Phase } from '../core/phases.ts';
import type { Plan } from '../core/plan.ts';
import { leastForPercentile } from '../core/stats.ts';
import { requestShares } from '../core/load/workload-rate.ts';
import type { Mismatch } from './mismatch.ts';

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

/** The percentile in a parameter's name: "p95" is 95. */
const percentOf = (name: string): number | undefined => (/^p\d+$/.test(name) ? Number(name.slice(1)) : undefined);

interface Need {
  readonly least: number;
  /** Completes "the fault phase plans 100 such requests, and ...". */
  readonly why: string;
}

/** Requests without which a hypothesis cannot be settled, even if every one of them is clean and fast. */
function needOf(check: string, params: object): Need | undefined {
  if (check === 'errors') {
    const { below } = params as Limited;
    if (below === undefined) return undefined;
    const least = Math.ceil(Math.log(0.05) / Math.log1p(-below));
    return { least, why: `"below ${Number((below * 100).toPrecision(6))}%" needs ${least} clean ones` };
  }
  if (check !== 'latency') return undefined;
  const named = Object.entries(params).flatMap(([name, limit]) => (limit === undefined ? [] : (percentOf(name) ?? [])));
  if (named.length === 0) return undefined;
  const highest = Math.max(...named);
  const least = leastForPercentile(highest);
  return { least, why: `bounds of p${highest} need ${least}` };
}

/** One-sided 95 % quantile of the normal distribution. */
const Z = 1.645;

/** How many of n drawn requests are surely (95 %) of a kind that has this share: endpoints are drawn at random. */
const surely = (n: number, share: number): number =>
  // A hair more, because an integral of rates may come to 2,999.9999.
  Math.max(0, Math.floor(n * share - Z * Math.sqrt(n * share * (1 - share)) + 1e-6));

/** The least n of which `least` are surely of that kind: the other way round. */
function drawsFor(least: number, share: number): number {
  const root = (Z * Math.sqrt(1 - share) + Math.sqrt(Z * Z * (1 - share) + 4 * least)) / 2;
  return (root * root) / share;
}

/** Phases in which the planned requests, even if all of them are clean, cannot settle a hypothesis about errors or latencies. */
export function tooFewRequests(plan: Plan): Mismatch[] {
  const { workload } = plan.load;
  const asked = requestsByPhase(plan);
  return plan.hypotheses.flatMap(({ check, params }, i): Mismatch[] => {
    const { of, during = [] } = params as Limited;
    const need = needOf(check, params as object);
    if (need === undefined) return [];
    const wanted = requestShares(workload)
      .filter((s) => {
        const endpoint = workload.scenarios[s.scenario]?.endpoints[s.endpoint];
        return endpoint !== undefined && means(of, endpoint);
      })
      .reduce((sum, s) => sum + s.share, 0);
    // All of them together may come to a hair less than 1.
    const share = Math.min(1, wanted + 1e-9);
    return during.flatMap((phase, n): Mismatch[] => {
      // How long healing takes nobody knows beforehand.
      if (phase === 'heal') return [];
      const planned = surely(asked[phase], share);
      if (planned >= need.least) return [];
      const message = `the ${phase} phase plans ${planned} such requests, and ${need.why}`;
      // At the phase's own mean rate.
      const seconds = Math.ceil((drawsFor(need.least, share) / asked[phase]) * (plan.phases[phase] / 1_000));
      const longer = Number.isFinite(seconds) ? `Make phases.${phase} at least ${seconds}s, or r` : 'R';
      const hint = `${longer}aise the rate: else it ends INCONCLUSIVE.`;
      return [{ path: ['hypotheses', i, check, 'during', n], code: 'CHAOS_TOO_FEW_REQUESTS', message, hint }];
    });
  });
}
