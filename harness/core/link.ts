import { ChaosError } from './errors.ts';
import type { NetworkObserver, Observer } from './observation.ts';
import type { LinkSpec, TopologySpec } from './topology.ts';

/** A link by its name; CHAOS_UNKNOWN_LINK where the topology has none of that name. */
export function linkOf(spec: TopologySpec, name: string): LinkSpec {
  const found = spec.links[name];
  if (found !== undefined) return found;
  throw new ChaosError('CHAOS_UNKNOWN_LINK', {
    what: `the topology has no link "${name}"`,
    hint: `Its links are: ${Object.keys(spec.links).join(', ')}.`,
    exit: 'bad-input',
  });
}

/** Asks across a link as its consumer does: whether it answers, or what else is said. */
export function linkObserver(
  spec: TopologySpec,
  name: string,
  ask: Pick<NetworkObserver, 'kind' | 'bytes'> = {},
): Observer {
  const { from, protocol, host, port } = linkOf(spec, name);
  const { kind, bytes } = ask;
  const asked = kind === undefined ? '' : ` (${kind}${bytes === undefined ? '' : ` of ${bytes} bytes`})`;
  return { id: `${from} -> ${host}:${port}${asked}`, from, protocol, host, port, ...ask };
}

/**
 * Asks across a link on new connections and, where the protocol can be asked twice without a login, on one that is held
 * open: connections that are there already are said to escape a toxic now and then (Shopify/toxiproxy#148).
 */
export function bothObservers(spec: TopologySpec, name: string): readonly Observer[] {
  const { protocol } = linkOf(spec, name);
  const held = protocol === 'redis' || protocol === 'http' ? [linkObserver(spec, name, { kind: 'held' })] : [];
  return [linkObserver(spec, name), ...held];
}
