import type { NetworkSpec } from '../../../core/topology/spec.ts';
import type { ContainerState } from '../../../core/topology/state.ts';
import type { ListedContainer } from '../docker.ts';

/** How a container is attached to one of the networks that its service has in the compose file. */
export type Attachment = 'sound' | 'absent' | 'without its names' | 'at another address';

/** The names by which other containers find a container on a network. */
export const aliasesOn = (network: NetworkSpec, { service, name }: ListedContainer): readonly string[] => [
  ...new Set([service, name, ...network.aliases]),
];

/** Says how a container is attached to a network. A stopped container has no address. */
export function attachmentOf(network: NetworkSpec, container: ListedContainer, state: ContainerState): Attachment {
  const now = state.networks[network.name];
  if (now === undefined) return 'absent';
  // The engine adds the container's own name by itself.
  const names = [container.service, ...network.aliases];
  if (!names.every((name) => now.aliases.includes(name))) return 'without its names';
  return state.running && network.ip !== undefined && now.ip !== network.ip ? 'at another address' : 'sound';
}
