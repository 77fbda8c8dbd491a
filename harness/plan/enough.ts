import type { Check } from '../core/kinds/check.ts';
import type { Mismatch } from '../core/plan/mismatch.ts';
import type { Plan } from '../core/plan/plan.ts';
import { drawsFor, requestsByPhase, shareOf, surely } from './requests.ts';

/** Returns each phase that plans too few requests, or too low a rate, to decide a hypothesis, even if all are clean. */
export function tooFewRequests(
  plan: Pick<Plan, 'load' | 'phases' | 'hypotheses'>,
  checks: readonly Check[],
): Mismatch[] {
  const asked = requestsByPhase(plan);
  return plan.hypotheses.flatMap(({ check, params }, i): Mismatch[] => {
    const need = checks.find((c) => c.name === check)?.needs?.(params);
    if (need === undefined) return [];
    const share = shareOf(plan.load.workload, need.of);
    return need.during.flatMap((phase, n): Mismatch[] => {
      // Nobody knows beforehand how long healing takes.
      if (phase === 'heal') return [];
      const path = ['hypotheses', i, check, 'during', n];
      const code = 'CHAOS_TOO_FEW_REQUESTS';
      const otherwise = 'Otherwise the hypothesis ends INCONCLUSIVE.';
      const rate = (asked[phase] * share) / (plan.phases[phase] / 1_000);
      if (need.perSecond !== undefined && rate <= need.perSecond) {
        const message = `the ${phase} phase plans ${rate.toFixed(1)} requests/s for this hypothesis, and more than ${need.perSecond}/s are needed`;
        return [{ path, code, message, hint: `Raise the rate, or lower the limit. ${otherwise}` }];
      }
      const planned = surely(asked[phase], share);
      if (planned >= need.least) return [];
      const message = `the ${phase} phase plans ${planned} requests for this hypothesis, and ${need.why}`;
      // In a longer phase, the mean rate of requests is taken to be the same as in this phase.
      const seconds = Math.ceil((drawsFor(need.least, share) / asked[phase]) * (plan.phases[phase] / 1_000));
      const longer = Number.isFinite(seconds) ? `Make phases.${phase} at least ${seconds}s, or r` : 'R';
      return [{ path, code, message, hint: `${longer}aise the rate. ${otherwise}` }];
    });
  });
}
