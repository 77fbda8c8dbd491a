import type { ContainerState, Limits, LinkSpec, Residue, TopologySpec } from '../core/topology.ts';
import { manualLimits } from '../core/undo.ts';
import type { ListedContainer } from './docker.ts';
import type { ProxyState } from './toxiproxy.ts';

/** What is wrong with one container: stopped, paused, off its network, on it without its names, or with other limits. */
export function containerResidue(
  container: ListedContainer,
  state: ContainerState,
  networks: readonly string[],
  limits: Limits | undefined,
): Residue[] {
  const target = container.name;
  if (state.paused) return [{ kind: 'paused container', target, how_to_undo: `docker unpause ${target}` }];
  if (!state.running) return [{ kind: 'stopped container', target, how_to_undo: `docker start ${target}` }];
  const limited: Residue[] =
    limits === undefined || sameLimits(limits, state.limits)
      ? []
      : [{ kind: 'changed limits', target, how_to_undo: manualLimits(target, limits) }];
  const cut = networks.flatMap((network): Residue[] => {
    const attachment = state.networks[network];
    const connect = `docker network connect --alias ${container.service} --alias ${target} ${network} ${target}`;
    if (attachment === undefined) {
      return [{ kind: 'disconnected container', target: `${target} from ${network}`, how_to_undo: connect }];
    }
    if (attachment.aliases.includes(container.service)) return [];
    const again = `docker network disconnect ${network} ${target} && ${connect}`;
    return [{ kind: 'lost alias', target: `${target} on ${network}`, how_to_undo: again }];
  });
  return [...limited, ...cut];
}

/** Cores are kept by the engine in whole billionths, memory in whole pages. */
export const sameLimits = (a: Limits, b: Limits): boolean =>
  Math.abs((a.cpus ?? 0) - (b.cpus ?? 0)) < 0.001 && Math.abs((a.memoryBytes ?? 0) - (b.memoryBytes ?? 0)) < 4_096;

/** Services with fewer containers than the compose file asks for. */
export function missingServices(containers: readonly ListedContainer[], { services }: TopologySpec): string[] {
  if (containers.length === 0) return [];
  return Object.values(services).flatMap(({ name, replicas }) =>
    containers.filter((c) => c.service === name).length < replicas ? [name] : [],
  );
}

export const missingResidue = (containers: readonly ListedContainer[], spec: TopologySpec): Residue[] =>
  missingServices(containers, spec).map((service) => ({
    kind: 'missing container',
    target: service,
    how_to_undo: `docker compose ${spec.files.map((file) => `-f ${file} `).join('')}-p ${spec.project} up --detach --no-deps ${service}`,
  }));

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
