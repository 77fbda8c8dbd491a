import type { BoundFault } from '../core/kinds/fault.ts';
import type { Mismatch, Path } from '../core/plan/mismatch.ts';
import { isNetwork } from '../core/record/observation.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { protocolOf, protocols } from '../protocols/index.ts';

/**
 * Returns a mistake when the proof of a fault moves many bytes across a link, and no server of the link's protocol
 * answers many bytes without a login. The names that the fault is aimed at must exist.
 */
export function unprovable(topology: TopologySpec, fault: BoundFault, path: Path): Mismatch[] {
  const { link } = fault.aims;
  const silent = fault
    .observers(topology)
    .filter(isNetwork)
    .find(({ kind, protocol }) => kind === 'echo' && protocolOf(protocol)?.echo === undefined);
  if (silent === undefined || link === undefined) return [];
  const able = protocols.filter(({ echo }) => echo !== undefined).map(({ name }) => name);
  return [
    {
      path: [...path, 'link'],
      code: 'CHAOS_NO_ECHO',
      message: `"${fault.name}" cannot be proven on ${link}: a server of ${silent.protocol} answers no many bytes without a login`,
      hint: `Its proof needs a link that speaks one of ${able.join(', ')}. \`latency\` and \`black_hole\` need none.`,
    },
  ];
}
