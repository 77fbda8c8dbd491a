import type { FaultContext } from '../../core/kinds/fault.ts';
import type { Held } from '../../core/topology/hold.ts';
import { linkOf } from '../links.ts';

/** Cuts a link: its proxy closes open connections and refuses new ones. Another fault may cut it too. */
export async function cutLink(
  { topology, hold }: Pick<FaultContext, 'topology' | 'hold'>,
  link: string,
): Promise<Held> {
  const proxy = await topology.links.proxy(linkOf(topology.spec, link).proxy);
  return hold({
    place: proxy.name,
    what: 'proxy',
    value: 'disabled',
    before: () => [{ do: 'enable-proxy', proxy }],
    set: () => topology.links.disableProxy(proxy),
  });
}
