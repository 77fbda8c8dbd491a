import { containerName } from '../aim.ts';
import { askItself } from '../command.ts';
import type { FaultContext } from '../fault.ts';
import type { CommandObserver } from '../observation.ts';
import type { TopologySpec } from '../topology.ts';
import { endMarked, startMarked } from './marked.ts';

/** Where a service is reached: its first container's name, and its port. */
const addressOf = (spec: TopologySpec, service: string) => ({
  host: containerName(spec, service, 1),
  port: spec.services[service]?.port ?? 80,
});

/** A number that nginx tells of itself each second, cut out of its status by `sed`. */
export function statusObserver(spec: TopologySpec, service: string, id: string, script: string): CommandObserver {
  const { host, port } = addressOf(spec, service);
  return { id, command: askItself(host, port, '/nginx_status', `sed -n '${script}'`), everyMs: 1_000 };
}

/** Starts a client of `service` in the first container of `from`, which must have Node; names what it is a client of. */
export async function startClient(
  { id, topology, random, undo }: FaultContext<unknown>,
  { service, from }: { readonly service: string; readonly from: string },
  script: string,
  words: (host: string, port: number) => readonly (string | number)[],
): Promise<readonly string[]> {
  const hit = await topology.resolve({ service, replica: 1 }, random);
  const [place] = await topology.resolve({ service: from, replica: 1 }, random);
  if (place === undefined) return [];
  await undo({ do: 'command', command: endMarked(place.name, id) });
  const { host, port } = addressOf(topology.spec, service);
  await topology.act(startMarked(place.name, id, 1, ['node', '-e', script, ...words(host, port).map(String)]));
  return hit.map((container) => container.name);
}
