import type { ContainerState, LinkSpec, Residue } from '../core/topology.ts';
import type { ListedContainer } from './docker.ts';
import type { ProxyState } from './toxiproxy.ts';

/** What is wrong with one container: stopped, paused, off its network, or on it without its names. */
export function containerResidue(
  container: ListedContainer,
  state: ContainerState,
  networks: readonly string[],
): Residue[] {
  const target = container.name;
  if (state.paused) return [{ kind: 'paused container', target, how_to_undo: `docker unpause ${target}` }];
  if (!state.running) return [{ kind: 'stopped container', target, how_to_undo: `docker start ${target}` }];
  return networks.flatMap((network): Residue[] => {
    const attachment = state.networks[network];
    const connect = `docker network connect --alias ${container.service} --alias ${target} ${network} ${target}`;
    if (attachment === undefined) {
      return [{ kind: 'disconnected container', target: `${target} from ${network}`, how_to_undo: connect }];
    }
    if (attachment.aliases.includes(container.service)) return [];
    const again = `docker network disconnect ${network} ${target} && ${connect}`;
    return [{ kind: 'lost alias', target: `${target} on ${network}`, how_to_undo: again }];
  });
}

/** What is wrong with Toxiproxy: a proxy missing, disabled, or with a toxic. `url` is its control address. */
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
  const there = new Set(proxies.map((p) => p.name));
  for (const link of links) {
    if (!there.has(link.proxy)) {
      found.push({ kind: 'missing proxy', target: link.proxy, how_to_undo: 'chaos heal' });
    }
  }
  return found;
}
