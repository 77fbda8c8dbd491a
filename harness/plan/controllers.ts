import type { Controller } from '../core/kinds/controller.ts';
import type { Mismatch } from '../core/plan/mismatch.ts';
import type { PlannedController } from '../core/plan/plan.ts';
import type { ServiceSpec, TopologySpec } from '../core/topology/spec.ts';
import { unknownService } from '../kit/refers.ts';

interface Parts {
  readonly topology: TopologySpec | undefined;
  readonly controllers: readonly (PlannedController | undefined)[];
}

/**
 * Returns a mistake for each controller whose service does not exist, has a controller already, or cannot change the
 * number of its containers.
 */
export function controllerMismatches({ topology, controllers }: Parts, known: readonly Controller[]): Mismatch[] {
  const taken = new Set<string>();
  return controllers.flatMap((planned, i): Mismatch[] => {
    const controller = known.find(({ name }) => name === planned?.controller);
    if (planned === undefined || controller === undefined || topology === undefined) return [];
    const service = controller.service(planned.params);
    const path = ['controllers', i, controller.name, 'service'];
    const found = topology.services[service];
    if (found === undefined) return [unknownService(topology, service, path)];
    const why = taken.has(service) ? 'has a controller already' : whyFixed(found);
    taken.add(service);
    if (why === undefined) return [];
    const hint = 'Name a service whose containers are all alike, each once: app, worker.';
    return [{ path, code: 'CHAOS_WRONG_VALUE', message: `"${service}" ${why}`, hint }];
  });
}

/** Returns why the number of a service's containers cannot change. Undefined when it can. */
export function whyFixed({ containerName, group }: ServiceSpec): string | undefined {
  if (containerName !== undefined) return 'has a container_name, so it has one container';
  return group === undefined ? undefined : `is a member of the group "${group}", and members of a group are not alike`;
}
