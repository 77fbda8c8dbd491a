import type { Named } from '../core/kinds/stop-rule.ts';
import type { Mismatch, Path } from '../core/plan/mismatch.ts';
import { serverNames } from '../core/topology/aim.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { didYouMean } from './suggest.ts';

/**
 * Returns the mistake when the topology does not have a name, which stands under the key `key` at `path`. Nothing is
 * checked while the topology has mistakes of its own.
 */
export function unknownInTopology(
  topology: TopologySpec | undefined,
  { group, server, key = 'of' }: Pick<Named, 'group' | 'server' | 'key'>,
  path: Path,
): Mismatch[] {
  if (topology === undefined) return [];
  const mistake = (message: string, name: string, known: readonly string[]): Mismatch[] => [
    { path: [...path, key], code: 'CHAOS_UNKNOWN_SERVICE', message, hint: didYouMean(name, known) },
  ];
  const servers = serverNames(topology);
  if (server !== undefined && !servers.includes(server))
    return mistake(`the topology has no service, group or container "${server}"`, server, servers);
  if (group !== undefined && topology.groups[group] === undefined)
    return mistake(`the topology has no group "${group}"`, group, Object.keys(topology.groups));
  return [];
}

/** The mistake that the topology has no service of this name. */
export const unknownService = ({ services }: TopologySpec, name: string, path: Path): Mismatch => ({
  path,
  code: 'CHAOS_UNKNOWN_SERVICE',
  message: `the topology has no service "${name}"`,
  hint: didYouMean(name, Object.keys(services)),
});

/** The mistakes of a number that no replica has. `most`: how many replicas there are. */
export function unknownReplica(name: string, replica: number, most: number, path: Path): Mismatch[] {
  if (replica <= most) return [];
  const message = `"${name}" has ${most === 0 ? 'no' : most} replica${most === 1 ? '' : 's'}, not ${replica}`;
  const hint = most === 0 ? 'Give the service a container.' : `Write a number from 1 to ${most}.`;
  return [{ path, code: 'CHAOS_NO_REPLICA', message, hint }];
}
