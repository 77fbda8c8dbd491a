import { containerName } from '../../core/topology/aim.ts';
import { askItself } from '../../core/topology/command.ts';
import type { FaultContext } from '../../core/kinds/fault.ts';
import type { CommandObserver } from '../../core/record/observation.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { endMarked, startMarked } from './marked.ts';

/** The name of a service's first container, and the service's port. */
const addressOf = (spec: TopologySpec, service: string) => ({
  host: containerName(spec, service, 1),
  port: spec.services[service]?.port ?? 80,
});

/** An observer that reads one number of nginx's own status each second. `script` is the `sed` script that finds it. */
export function statusObserver(spec: TopologySpec, service: string, id: string, script: string): CommandObserver {
  const { host, port } = addressOf(spec, service);
  return { id, command: askItself(host, port, '/nginx_status', `sed -n '${script}'`), everyMs: 1_000 };
}

/**
 * Starts a client of `service` in the first container of `from`, which must have Node. Returns the name of the
 * container that the client asks.
 */
export async function startClient(
  { id, topology, random, undo }: FaultContext,
  { service, from }: { readonly service: string; readonly from: string },
  script: string,
  args: (host: string, port: number) => readonly (string | number)[],
): Promise<readonly string[]> {
  const hit = await topology.containers.resolve({ service, replica: 1 }, random);
  const [place] = await topology.containers.resolve({ service: from, replica: 1 }, random);
  if (place === undefined) return [];
  await undo({ do: 'command', command: endMarked(place.name, id) });
  const { host, port } = addressOf(topology.spec, service);
  await topology.act(startMarked(place.name, id, 1, ['node', '-e', script, ...args(host, port).map(String)]));
  return hit.map((container) => container.name);
}
