import type { ProxyRef } from '../../core/topology/proxy.ts';
import type { Residue } from '../../core/topology/residue.ts';
import type { LinkSpec } from '../../core/topology/spec.ts';
import type { ProxyState } from './toxiproxy.ts';

/** Returns the proxy that a link should have, undefined when the compose file does not say where it dials. */
export const soundProxy = ({ proxy: name, port, upstream }: LinkSpec): ProxyRef | undefined =>
  upstream === undefined ? undefined : { name, listen: `0.0.0.0:${port}`, upstream };

/** Returns whether a link's proxy listens or dials elsewhere than it should. */
export const misplaced = (proxy: ProxyRef, { port, upstream }: LinkSpec): boolean =>
  !proxy.listen.endsWith(`:${port}`) || (upstream !== undefined && proxy.upstream !== upstream);

/**
 * Returns what is wrong in Toxiproxy: a proxy that is missing, misplaced or disabled, or a toxic. `url`: the address of
 * its control interface.
 */
export function proxyResidue(proxies: readonly ProxyState[], links: readonly LinkSpec[], url: string): Residue[] {
  const found: Residue[] = [];
  for (const proxy of proxies) {
    const at = `${url}/proxies/${proxy.name}`;
    if (!proxy.enabled) {
      found.push({
        kind: 'disabled proxy',
        target: proxy.name,
        how_to_undo: `curl -X POST -d '{"enabled":true}' ${at}`,
      });
    }
    for (const toxic of proxy.toxics) {
      found.push({
        kind: 'toxic',
        target: `${toxic} on ${proxy.name}`,
        how_to_undo: `curl -X DELETE ${at}/toxics/${toxic}`,
      });
    }
  }
  for (const link of links) {
    const proxy = proxies.find((p) => p.name === link.proxy);
    if (proxy === undefined) {
      found.push({ kind: 'missing proxy', target: link.proxy, how_to_undo: 'chaos heal' });
    } else if (misplaced(proxy, link)) {
      const target = `${proxy.name} (${proxy.listen} to ${proxy.upstream})`;
      found.push({ kind: 'misplaced proxy', target, how_to_undo: 'chaos heal' });
    }
  }
  return found;
}
