import type { Check } from '../core/kinds/check.ts';
import type { JudgedPhase } from '../core/plan/phases.ts';
import type { Plan } from '../core/plan/plan.ts';
import { drawsFor, requestsByPhase, shareOf } from './requests.ts';

const SECOND_MS = 1_000;

/**
 * Returns how long a phase must be, milliseconds in whole seconds, so that no hypothesis about it lacks requests or time. 0
 * when there is none. The rate is taken to be the mean rate that the plan has in this phase.
 */
export function leastPhaseMs(
  plan: Pick<Plan, 'load' | 'phases' | 'hypotheses'>,
  phase: JudgedPhase,
  checks: readonly Check[],
): number {
  const perMs = requestsByPhase(plan)[phase] / plan.phases[phase];
  const all = plan.hypotheses.flatMap(({ check, params }): number[] => {
    const known = checks.find(({ name }) => name === check);
    const need = known?.needs?.(params);
    const requests =
      need?.during.includes(phase) === true ? [drawsFor(need.least, shareOf(plan.load.workload, need.of)) / perMs] : [];
    const lengths = [known?.needsLength?.(params) ?? []].flat().filter(({ during }) => during.includes(phase));
    return [...requests, ...lengths.map(({ least }) => least)];
  });
  // A hypothesis about what gets no requests can never be decided, however long the phase is.
  return Math.ceil(Math.max(0, ...all.filter(Number.isFinite)) / SECOND_MS) * SECOND_MS;
}
