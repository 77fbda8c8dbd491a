import { candidates } from '../core/aim.ts';
import type { ContainerState, Limits, LinkSpec, ProxyRef, Residue, TopologySpec } from '../core/topology.ts';
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

/** The state of a container that is not there and should be. */
export const missing = (container: string): ContainerState => ({
  container,
  status: 'missing',
  running: false,
  paused: false,
  pid: 0,
  restarts: 0,
  startedAt: 0,
  finishedAt: 0,
  health: 'none',
  oomKilled: false,
  limits: { cpus: undefined, memoryBytes: undefined },
  networks: {},
});

/** Cores are kept by the engine in whole billionths, memory in whole pages. */
export const sameLimits = (a: Limits, b: Limits): boolean =>
  Math.abs((a.cpus ?? 0) - (b.cpus ?? 0)) < 0.001 && Math.abs((a.memoryBytes ?? 0) - (b.memoryBytes ?? 0)) < 4_096;

/** Containers that the compose file asks for and that are not there, of services with fewer than it asks for. */
export function missingContainers(
  containers: readonly ListedContainer[],
  spec: TopologySpec,
): { readonly service: string; readonly name: string }[] {
  if (containers.length === 0) return [];
  const names = new Set(containers.map((c) => c.name));
  return Object.values(spec.services).flatMap(({ name: service, replicas }) => {
    const lacking = replicas - containers.filter((c) => c.service === service).length;
    const absent = candidates(spec, { service }).filter((name) => !names.has(name));
    return absent.slice(0, Math.max(0, lacking)).map((name) => ({ service, name }));
  });
}

export const missingResidue = (containers: readonly ListedContainer[], spec: TopologySpec): Residue[] =>
  missingContainers(containers, spec).map(({ service, name }) => ({
    kind: 'missing container',
    target: name,
    how_to_undo: `docker compose ${spec.files.map((file) => `-f ${file} `).join('')}-p ${spec.project} up --detach --no-deps ${service}`,
  }));

/** The proxy that a link is to have; undefined where the compose file does not say where it dials. */
export const soundProxy = ({ proxy: name, port, upstream }: LinkSpec): ProxyRef | undefined =>
  upstream === undefined ? undefined : { name, listen: `0.0.0.0:${port}`, upstream };

/** Whether a link's proxy listens or dials elsewhere than it should: it is from another time. */
export const misplaced = (proxy: ProxyRef, { port, upstream }: LinkSpec): boolean =>
  !proxy.listen.endsWith(`:${port}`) || (upstream !== undefined && proxy.upstream !== upstream);

/** What is wrong with Toxiproxy: a proxy missing, misplaced, disabled, or with a toxic. `url` is its control address. */
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
