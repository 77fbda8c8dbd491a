import type { PoolSpec, TopologySpec } from './spec.ts';

/** A server whose clients may open more connections than the server takes. */
export interface Overdrawn {
  readonly server: string;
  /** The arithmetic: "postgres takes 200 connections, and 260 may be asked for: 15 app x (8 + 8) + 1 worker x 8 + 12 reserved". */
  readonly message: string;
  /** How many replicas, or how many connections each, would fit. */
  readonly hint: string;
}

/** The connections that the containers of one service may open. */
interface Demand {
  readonly service: string;
  readonly pools: readonly PoolSpec[];
  /** How many containers the service may have. */
  readonly count: number;
  /** The number of containers that are there when the others begin, for which the sum is highest. */
  readonly worst: number;
  /** The sizes of the pools in each of the `worst` containers, and in each container that has just begun. */
  readonly sizes: readonly number[];
  readonly fresh: readonly number[];
  readonly sum: number;
}

/**
 * Returns the servers whose clients may ask for more connections than the server takes. `replicas`: how many containers
 * a service may have, where that is not the number in the compose file. While a service grows, the pools of its old
 * containers may still be as large as before, and each new container has a connection already: the highest such sum counts.
 */
export function overdrawn(
  { services, connections = {} }: Pick<TopologySpec, 'services' | 'connections'>,
  replicas: Readonly<Record<string, number>> = {},
): readonly Overdrawn[] {
  return Object.entries(connections).flatMap(([server, { limit, reserved, pools }]): Overdrawn[] => {
    const demands = Object.entries(pools).map(([service, its]) =>
      demandOf(service, its, replicas[service] ?? services[service]?.replicas ?? 0),
    );
    const sum = demands.reduce((all, demand) => all + demand.sum, reserved);
    if (sum <= limit) return [];
    const parts = [...demands.map(arithmetic), `${reserved} reserved`];
    const message = `${server} takes ${limit} connections, and ${sum} may be asked for: ${parts.join(' + ')}`;
    const [most] = demands.toSorted((a, b) => b.sum - a.sum);
    return [
      { server, message, hint: most === undefined ? 'Raise the limit.' : hintFor(most, limit - (sum - most.sum)) },
    ];
  });
}

/** Returns how many connections a pool may have in each of `count` containers. */
const sizeOf = ({ most, shared }: PoolSpec, count: number): number =>
  shared === undefined ? most : Math.min(most, Math.max(1, Math.floor(shared / count)));

/** With `worst` containers there, and the others just begun: what shares has one connection in each new container. */
function demandOf(service: string, pools: readonly PoolSpec[], count: number): Demand {
  const fresh = pools.map(({ most, shared }) => (shared === undefined ? most : 1));
  const demands = Array.from({ length: count + 1 }, (_, worst): Demand => {
    const sizes = pools.map((pool) => sizeOf(pool, worst));
    return { service, pools, count, worst, sizes, fresh, sum: worst * total(sizes) + (count - worst) * total(fresh) };
  });
  // Of equal sums, the sum of the larger number is easier to understand.
  return demands.reduce((worst, demand) => (demand.sum >= worst.sum ? demand : worst));
}

const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** "15 app x (8 + 8)", or "5 app x (8 + 8) + 45 new app x (1 + 1)" when that may be more. */
function arithmetic({ service, count, worst, sizes, fresh }: Demand): string {
  const each = (list: readonly number[]): string => (list.length === 1 ? `${list[0]}` : `(${list.join(' + ')})`);
  const there = `${worst} ${service} x ${each(sizes)}`;
  return worst === count ? there : `${there} + ${count - worst} new ${service} x ${each(fresh)}`;
}

/** `room`: the connections that are left for this service. */
function hintFor({ service, pools, count }: Demand, room: number): string {
  const counts = Array.from({ length: count }, (_, fewer) => fewer);
  const fits = counts.findLast((fewer) => demandOf(service, pools, fewer).sum <= room) ?? 0;
  const each = Math.max(0, Math.floor(room / count));
  return `${fits} replicas of ${service} would fit, or ${count} with ${each} connection${each === 1 ? '' : 's'} each. Make the pools smaller, or the replicas fewer, or raise the limit of the server and of x-chaos.connections.`;
}
