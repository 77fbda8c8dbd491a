import { excludedBurst } from '../core/bounds/bursts.ts';
import type { Check } from '../core/kinds/check.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';
import type { Plan } from '../core/plan/plan.ts';
import { requestsByPhase, shareOf, surely } from './requests.ts';

/** The bursts of failures, or stretches of slow requests, that a PASS of a hypothesis excludes in one phase. */
export interface ExcludedBurst {
  /** "errors < 0.1 %" */
  readonly hypothesis: string;
  readonly during: JudgedPhase;
  /** The length of the longest burst that is excluded. Longer bursts come so seldom that a phase may see none. */
  readonly requests: number;
}

/**
 * Returns the bursts that a PASS of each hypothesis about a share of requests excludes, if every planned request is
 * clean and fast. Phases that are too short for a PASS are left out. The heal phase is left out too, because nobody
 * knows its length beforehand.
 */
export function excludedBursts(
  plan: Pick<Plan, 'load' | 'phases' | 'hypotheses'>,
  checks: readonly Check[],
): ExcludedBurst[] {
  const asked = requestsByPhase(plan);
  return plan.hypotheses.flatMap(({ check, params }) => {
    const need = checks.find(({ name }) => name === check)?.needs?.(params);
    if (need === undefined) return [];
    const share = shareOf(plan.load.workload, need.of);
    return (need.limits ?? []).flatMap((limit) =>
      need.during.flatMap((phase) => {
        const requests = phase === 'heal' ? 0 : excludedBurst(0, surely(asked[phase], share), limit.share);
        return requests < 1 ? [] : { hypothesis: limit.text, during: phase, requests };
      }),
    );
  });
}
