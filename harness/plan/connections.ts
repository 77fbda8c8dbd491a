import type { Controller } from '../core/kinds/controller.ts';
import type { Mismatch } from '../core/plan/mismatch.ts';
import type { PlannedController } from '../core/plan/plan.ts';
import { type Overdrawn, overdrawn } from '../core/topology/connections.ts';
import type { TopologySpec } from '../core/topology/spec.ts';

interface Parts {
  readonly topology: TopologySpec | undefined;
  readonly controllers: readonly (PlannedController | undefined)[];
}

const code = 'CHAOS_CONNECTIONS';

/**
 * Returns the servers whose clients may ask for more connections than the server takes: with the replicas in the compose
 * file, and with the most replicas that the controllers can ask for.
 */
export function connectionMismatches({ topology, controllers }: Parts, known: readonly Controller[]): Mismatch[] {
  if (topology === undefined) return [];
  const already = overdrawn(topology).map(({ message, hint }): Mismatch => ({
    path: ['topology'],
    code,
    message,
    hint,
  }));
  if (already.length > 0) return already;
  const most: Record<string, number> = {};
  return controllers.flatMap((planned, i): Mismatch[] => {
    const controller = known.find(({ name }) => name === planned?.controller);
    if (planned === undefined || controller === undefined) return [];
    const before = overdrawn(topology, most).length;
    const service = controller.service(planned.params);
    most[service] = Math.max(controller.most(planned.params), topology.services[service]?.replicas ?? 0);
    const [first]: readonly Overdrawn[] = before > 0 ? [] : overdrawn(topology, most);
    if (first === undefined) return [];
    return [{ path: ['controllers', i, controller.name], code, message: first.message, hint: first.hint }];
  });
}
