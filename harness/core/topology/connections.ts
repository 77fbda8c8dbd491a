import type { TopologySpec } from './spec.ts';

/** A server whose clients may open more connections than the server takes. */
export interface Overdrawn {
  readonly server: string;
  /** The arithmetic: "postgres takes 200 connections, and 258 may be asked for: 15 app x 16 + 1 worker x 8 + 10 reserved". */
  readonly message: string;
  /** How many replicas, or how many connections each, would fit. */
  readonly hint: string;
}

/**
 * Returns the servers whose clients may ask for more connections than the server takes. `replicas`: how many containers
 * a service may have, where that is not the number in the compose file.
 */
export function overdrawn(
  { services, connections = {} }: Pick<TopologySpec, 'services' | 'connections'>,
  replicas: Readonly<Record<string, number>> = {},
): readonly Overdrawn[] {
  return Object.entries(connections).flatMap(([server, { limit, reserved, pools }]): Overdrawn[] => {
    const clients = Object.entries(pools).map(([service, pool]) => {
      const count = replicas[service] ?? services[service]?.replicas ?? 0;
      return { service, pool, count, sum: count * pool };
    });
    const sum = clients.reduce((all, client) => all + client.sum, reserved);
    if (sum <= limit) return [];
    const parts = [
      ...clients.map(({ service, pool, count }) => `${count} ${service} x ${pool}`),
      `${reserved} reserved`,
    ];
    const message = `${server} takes ${limit} connections, and ${sum} may be asked for: ${parts.join(' + ')}`;
    const [most] = clients.toSorted((a, b) => b.sum - a.sum);
    return [
      { server, message, hint: most === undefined ? 'Raise the limit.' : hintFor(most, limit - (sum - most.sum)) },
    ];
  });
}

/** `room`: the connections that are left for this client. */
function hintFor({ service, pool, count }: { service: string; pool: number; count: number }, room: number): string {
  const [fits, each] = [Math.max(0, Math.floor(room / pool)), Math.max(0, Math.floor(room / count))];
  return `${fits} replicas of ${service} would fit, or ${count} with ${each} connections each. Make the pools smaller, or the replicas fewer, or raise the limit of the server and of x-chaos.connections.`;
}
