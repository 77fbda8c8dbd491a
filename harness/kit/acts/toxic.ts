import type { FaultContext } from '../../core/kinds/fault.ts';
import { linkOf } from '../links.ts';
import type { Toxic } from '../../core/topology/proxy.ts';

/** Which way of a link a toxic hits, seen from the consumer. */
type Direction = 'both' | 'up' | 'down';

const STREAMS = { up: ['upstream'], down: ['downstream'], both: ['upstream', 'downstream'] } as const;

interface LinkToxic extends Pick<Toxic, 'type' | 'attributes'> {
  readonly link: string;
  readonly direction: Direction;
}

/**
 * Adds a toxic for each way in `direction`, and records its undo before. Returns the name of the link. A toxic has the
 * name of its fault, so two faults on one link never remove each other's toxics.
 */
export async function addToxics(
  { id, topology, undo }: Pick<FaultContext, 'id' | 'topology' | 'undo'>,
  { link, direction, type, attributes }: LinkToxic,
): Promise<readonly string[]> {
  const proxy = await topology.links.proxy(linkOf(topology.spec, link).proxy);
  for (const stream of STREAMS[direction]) {
    const name = `chaos-${id}-${stream}`;
    await undo({ do: 'remove-toxic', proxy, toxic: name });
    await topology.links.addToxic(proxy, { name, type, stream, attributes });
  }
  return [link];
}

/** The undo in words, as `plan` prints it. */
export const removesToxics = ({ link }: { readonly link: string }): string => `remove its toxics from ${link}`;
