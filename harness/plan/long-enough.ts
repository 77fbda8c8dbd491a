import { formatDuration } from '../core/duration.ts';
import type { Check } from '../core/kinds/check.ts';
import type { Mismatch } from '../core/plan/mismatch.ts';
import type { Plan } from '../core/plan/plan.ts';

/** Returns each phase that is too short to decide a hypothesis, even if every figure is good. */
export const tooShort = (
  { phases, hypotheses }: Pick<Plan, 'phases' | 'hypotheses'>,
  checks: readonly Check[],
): Mismatch[] =>
  hypotheses.flatMap(({ check, params }, i): Mismatch[] => {
    const needs = [checks.find(({ name }) => name === check)?.needsLength?.(params) ?? []].flat();
    return needs.flatMap((need) =>
      need.during.flatMap((phase, n): Mismatch[] => {
        // Nobody knows beforehand how long healing takes.
        if (phase === 'heal' || phases[phase] >= need.least) return [];
        const message = `the ${phase} phase lasts ${formatDuration(phases[phase])}, and ${need.why}`;
        const hint = `Make phases.${phase} at least ${Math.ceil(need.least / 1_000)}s. Otherwise the hypothesis ends INCONCLUSIVE.`;
        return [{ path: ['hypotheses', i, check, 'during', n], code: 'CHAOS_PHASE_SHORT', message, hint }];
      }),
    );
  });
