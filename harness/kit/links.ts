import { ChaosError } from '../core/errors.ts';
import type { NetworkObserver, Observer } from '../core/record/observation.ts';
import type { LinkSpec, TopologySpec } from '../core/topology/spec.ts';
import { protocolOf } from '../protocols/index.ts';

/** Returns a link by its name. Throws CHAOS_UNKNOWN_LINK when the topology has no link of that name. */
export function linkOf(spec: TopologySpec, name: string): LinkSpec {
  const found = spec.links[name];
  if (found !== undefined) return found;
  throw new ChaosError('CHAOS_UNKNOWN_LINK', {
    what: `the topology has no link "${name}"`,
    hint: `Its links are: ${Object.keys(spec.links).join(', ')}.`,
    exit: 'bad-input',
  });
}

/** An observer that asks across a link, as the link's consumer does. Without `ask` it asks whether the peer answers. */
export function linkObserver(
  spec: TopologySpec,
  name: string,
  ask: Pick<NetworkObserver, 'kind' | 'bytes'> = {},
): Observer {
  const { from, protocol, host, port } = linkOf(spec, name);
  const { kind, bytes } = ask;
  const details = kind === undefined ? '' : ` (${kind}${bytes === undefined ? '' : ` of ${bytes} bytes`})`;
  return { id: `${from} -> ${host}:${port}${details}`, from, protocol, host, port, ...ask };
}

/**
 * Observers that ask across a link on new connections. Where a server can be asked twice without a login, a second
 * observer asks on one connection that is held open, because a toxic is said to miss open connections now and then
 * (Shopify/toxiproxy#148).
 */
export function bothObservers(spec: TopologySpec, name: string): readonly Observer[] {
  const again = protocolOf(linkOf(spec, name).protocol)?.again !== undefined;
  const held = again ? [linkObserver(spec, name, { kind: 'held' })] : [];
  return [linkObserver(spec, name), ...held];
}
