import type { Aims } from '../../core/kinds/fault.ts';
import type { Mismatch, Path } from '../../core/plan/mismatch.ts';
import { candidates, describeTarget, selectedCount } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { unknownReplica } from '../../kit/refers.ts';
import { didYouMean } from '../../kit/suggest.ts';

const membersOf = ({ groups, services }: TopologySpec, name: string): readonly string[] | undefined =>
  groups[name] ?? (services[name] === undefined ? undefined : [name]);

const unknownName = ({ groups, services }: TopologySpec, name: string, path: Path): Mismatch => ({
  path,
  code: 'CHAOS_UNKNOWN_SERVICE',
  message: `the topology has no service or group "${name}"`,
  hint: didYouMean(name, [...Object.keys(groups), ...Object.keys(services)]),
});

/**
 * The mistake that a fault would hit nothing. Such a fault proves nothing, but it would look as if the system had
 * withstood it.
 */
const nothing = (message: string, path: Path): Mismatch => ({
  path,
  code: 'CHAOS_NO_TARGET',
  message,
  hint: 'Give the service a container (its replicas in the compose file or in a variable), or select other containers.',
});

/**
 * Returns the first mistake in what a fault is aimed at, at its key in the file: a name that the topology does not
 * have, a role of a service without roles, or an aim that selects no container.
 */
export function aimMismatches(topology: TopologySpec, { link, target, from = [] }: Aims, path: Path): Mismatch[] {
  if (link !== undefined && topology.links[link] === undefined) {
    const hint = didYouMean(link, Object.keys(topology.links));
    return [
      { path: [...path, 'link'], code: 'CHAOS_UNKNOWN_LINK', message: `the topology has no link "${link}"`, hint },
    ];
  }
  const consumer = link === undefined ? undefined : topology.links[link]?.from;
  if (consumer !== undefined && topology.services[consumer]?.replicas === 0)
    return [nothing(`"${consumer}" has no container, so nobody uses the link "${link ?? ''}"`, [...path, 'link'])];
  if (target === undefined) return [];
  const members = membersOf(topology, target.service);
  if (members === undefined) return [unknownName(topology, target.service, [...path, 'service'])];
  const unknown = from.find((name) => membersOf(topology, name) === undefined);
  if (unknown !== undefined) return [unknownName(topology, unknown, [...path, 'from'])];
  if (target.role !== undefined && topology.groups[target.service] === undefined) {
    const groups = Object.keys(topology.groups).join(', ') || 'none';
    const hint = `Only members of a group have roles. Known groups: ${groups}.`;
    return [{ path: [...path, 'role'], code: 'CHAOS_NO_ROLES', message: `"${target.service}" has no roles`, hint }];
  }
  const empty = [target.service, ...from].find((name) => candidates(topology, { service: name }).length === 0);
  if (empty !== undefined)
    return [nothing(`"${empty}" has no container`, [...path, empty === target.service ? 'service' : 'from'])];
  const most = Math.max(...members.map((m) => topology.services[m]?.replicas ?? 0));
  const { service, replica } = target;
  const unmatched = replica === undefined ? [] : unknownReplica(service, replica, most, [...path, 'replica']);
  if (unmatched.length > 0 || selectedCount(topology, target) > 0) return unmatched;
  return [nothing(`${describeTarget(target)} is no container: "${service}" has too few`, path)];
}
