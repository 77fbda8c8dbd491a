import type { FaultContext } from '../fault.ts';
import { linkOf } from '../link.ts';
import type { Toxic } from '../topology.ts';

/** Which way of a link is meant, seen from its consumer. */
type Direction = 'both' | 'up' | 'down';

const STREAMS = { up: ['upstream'], down: ['downstream'], both: ['upstream', 'downstream'] } as const;

interface Wanted extends Pick<Toxic, 'type' | 'attributes'> {
  readonly link: string;
  readonly direction: Direction;
}

/**
 * Adds a toxic each way that is meant, its way back before it, and names the link. A toxic has the name of its fault:
 * two faults on one link never take each other's away.
 */
export async function addToxics<P>(
  { id, topology, undo }: Pick<FaultContext<P>, 'id' | 'topology' | 'undo'>,
  { link, direction, type, attributes }: Wanted,
): Promise<readonly string[]> {
  const proxy = await topology.proxy(linkOf(topology.spec, link).proxy);
  for (const stream of STREAMS[direction]) {
    const name = `chaos-${id}-${stream}`;
    await undo({ do: 'remove-toxic', proxy, toxic: name });
    await topology.addToxic(proxy, { name, type, stream, attributes });
  }
  return [link];
}

/** What `plan` prints beside such a fault. */
export const removesToxics = ({ link }: { readonly link: string }): string => `remove its toxics from ${link}`;
