import { ChaosError } from '../core/errors.ts';
import type { Fault } from '../core/kinds/fault.ts';
import { isCapability } from '../core/topology/capability.ts';
import type { Plan } from '../core/plan/plan.ts';
import { faultsOf } from '../core/plan/steps.ts';
import type { Topology } from '../core/topology/control.ts';

/**
 * Called before anything begins. Throws CHAOS_REQUIREMENT when a fault of the plan needs something that this machine
 * does not have. Whether the topology has what the faults need was checked when the plan was made.
 */
export async function assertOffered(
  { faults }: Pick<Plan, 'faults'>,
  catalogue: readonly Fault[],
  topology: Pick<Topology, 'offers'>,
): Promise<void> {
  for (const { fault: name, id } of faultsOf(faults)) {
    const requires = catalogue.find((fault) => fault.name === name)?.requires ?? [];
    for (const requirement of requires) {
      if (isCapability(requirement) || (await topology.offers(requirement))) continue;
      throw new ChaosError('CHAOS_REQUIREMENT', {
        what: `${id} needs ${requirement}, which this machine's kernel does not have`,
        hint:
          'Run this experiment on a machine that has it; `chaos explain ' + name + '` names faults that need nothing.',
        exit: 'not-ready',
      });
    }
  }
}
