import { STATE, type Values } from '../../core/topology/snapshot/snapshot.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import type { ListedContainer } from './docker.ts';

/** The property that names the image of a container. */
export const IMAGE = 'image';

/** Returns every value of a container that the engine knows and a fault can change. */
export function containerValues(
  { id, service }: Pick<ListedContainer, 'id' | 'service'>,
  state: ContainerState,
): Values {
  const { cpus, memoryBytes } = state.limits;
  const networks = Object.entries(state.networks).flatMap(([name, { ip, aliases }]) => [
    // The engine adds the short form of the id to the names.
    [
      `names on ${name}`,
      [...new Set(aliases)]
        .filter((alias) => !id.startsWith(alias))
        .toSorted()
        .join(', '),
    ],
    [`address on ${name}`, ip],
  ]);
  return {
    [STATE]: state.paused ? 'paused' : state.status,
    id: id.slice(0, 12),
    service,
    ...(state.image === undefined ? {} : { [IMAGE]: state.image }),
    started: new Date(state.startedAt).toISOString(),
    restarts: String(state.restarts),
    cpus: cpus === undefined ? 'all' : String(cpus),
    memory: memoryBytes === undefined ? 'all' : `${memoryBytes} bytes`,
    ...(Object.fromEntries(networks) as Values),
  };
}
