import { boundFault } from '../../core/kinds/fault.ts';
import type { Known } from '../../core/kinds/known.ts';
import { kindOf, type StepKind } from '../../core/kinds/step.ts';
import type { Mismatch, Path } from '../../core/plan/mismatch.ts';
import type { Plan, PlannedStep } from '../../core/plan/plan.ts';
import { timesOf } from '../../core/plan/times.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { clashes } from './clashes.ts';
import type { ReadSteps } from './steps.ts';

interface Parts extends ReadSteps {
  readonly topology: TopologySpec | undefined;
  readonly phases: Plan['phases'] | undefined;
}

/**
 * Returns the mistakes of steps: names that do not exist, times that do not fit into the fault phase, faults that cannot
 * begin beside another fault, and steps without any fault.
 */
export function stepMismatches(parts: Parts, { faults, steps: kinds }: Pick<Known, 'faults' | 'steps'>): Mismatch[] {
  const { topology, phases, steps, places, mistakes } = parts;
  const found: Mismatch[] = [...mistakes];
  for (const [step, path] of places) {
    const surroundings = {
      path,
      topology,
      repeated: path.slice(0, -1).includes('repeat'),
      fault: (planned: Parameters<typeof boundFault>[1]) => boundFault(faults, planned),
    };
    found.push(...(kindOf(step, kinds).mismatches?.(step, surroundings) ?? []));
  }
  const sound = steps.filter((step) => step !== undefined);
  if (phases !== undefined) found.push(...sound.flatMap((step) => misfit(step, places, phases.fault, kinds) ?? []));
  if (phases !== undefined && topology !== undefined) {
    const times = timesOf(sound, kinds);
    found.push(...clashes(sound, { topology, catalogue: faults, times, places, phase: phases.fault }));
  }
  if (steps.length > 0 && parts.faultless) {
    const message = 'an experiment has at least one fault, and these steps have none';
    found.push({ path: ['faults'], code: 'CHAOS_WRONG_VALUE', message, hint: 'Add a fault beside them.' });
  }
  // All rounds of a repeat have the same place in the file.
  const same = (a: Mismatch, b: Mismatch): boolean => a.code === b.code && a.path.join('.') === b.path.join('.');
  return found.filter((one, i) => found.findIndex((other) => same(one, other)) === i);
}

/** Returns the first step of an item that does not fit into the phase: mistakes of later steps follow from it. */
function misfit(
  item: PlannedStep,
  places: ReadonlyMap<PlannedStep, Path>,
  phase: number,
  kinds: readonly StepKind[],
): Mismatch | undefined {
  const shortest = (step: PlannedStep): number => timesOf([step], kinds).get(step)?.ends.earliest ?? 0;
  for (const [step, times] of timesOf([item], kinds)) {
    const path = places.get(step);
    const found =
      path === undefined ? undefined : kindOf(step, kinds).misfit?.(step, { ...times, path, phase, shortest });
    if (found !== undefined) return found;
  }
  return undefined;
}
