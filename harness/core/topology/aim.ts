import type { Random } from '../random.ts';
import type { Role, TopologySpec } from './spec.ts';

/** The containers that a fault is aimed at, as an experiment file names them. */
export interface Target {
  /** A service or a group. */
  readonly service: string;
  readonly role?: Role | undefined;
  /** 1-based replica number. */
  readonly replica?: number | undefined;
  /**
   * How many of these containers are hit. The seed draws them. At most one of `replica`, `count`, `percent` and
   * `all_but` is given.
   */
  readonly count?: number | undefined;
  /** A share of these containers, rounded up. */
  readonly percent?: number | undefined;
  /** How many of these containers are not hit. */
  readonly all_but?: number | undefined;
}

/** Returns the services of a target: the members of its group, or the service itself. */
export const servicesOf = (spec: TopologySpec, { service }: Pick<Target, 'service'>): readonly string[] =>
  spec.groups[service] ?? [service];

/**
 * Returns the name of a replica's container (1-based): the name in the engine when it is known, else the name in the
 * compose file, else the name by the pattern of Compose.
 */
export const containerName = (spec: TopologySpec, service: string, replica: number): string =>
  spec.services[service]?.containers?.[replica - 1] ??
  spec.services[service]?.containerName ??
  `${spec.project}-${service}-${replica}`;

/** Says whether this is the name of a container of the service. */
export function isContainerOf(name: string, { project, services }: TopologySpec, service: string): boolean {
  const { containers, containerName: own } = services[service] ?? {};
  if (containers !== undefined) return containers.includes(name);
  if (own !== undefined) return name === own;
  return name.startsWith(`${project}-${service}-`) && /^\d+$/.test(name.slice(project.length + service.length + 2));
}

/** Returns the services that belong to a name: the name of a group, a service or a container. */
export const servicesMeant = (spec: TopologySpec, name: string): readonly string[] =>
  spec.groups[name] ?? Object.keys(spec.services).filter((s) => s === name || isContainerOf(name, spec, s));

/** Says whether `name` is the container's own name, or the name of its service or group. */
export const isMeant = (spec: TopologySpec, name: string, container: string): boolean =>
  name === container || servicesOf(spec, { service: name }).some((s) => isContainerOf(container, spec, s));

/** Returns every name that may select containers: groups, then services, then containers. */
export const serverNames = (spec: TopologySpec): readonly string[] => {
  const services = Object.keys(spec.services);
  return [...Object.keys(spec.groups), ...services, ...services.flatMap((service) => candidates(spec, { service }))];
};

/**
 * Returns every container that a target may select, in the order of services and replicas. The compose files say how
 * many replicas a service has. The role in the target is not looked at: nobody knows it before the fault begins.
 */
export const candidates = (spec: TopologySpec, target: Target): readonly string[] =>
  servicesOf(spec, target).flatMap((service) =>
    Array.from({ length: spec.services[service]?.replicas ?? 1 }, (_, i) => i + 1)
      .filter((replica) => target.replica === undefined || target.replica === replica)
      .map((replica) => containerName(spec, service, replica)),
  );

/** Returns how many containers a target selects, by the compose files alone. At most one member of a group is primary. */
export function selectedCount(spec: TopologySpec, target: Target): number {
  const all = candidates(spec, target).length;
  const able = target.role === undefined ? all : target.role === 'primary' ? Math.min(1, all) : Math.max(0, all - 1);
  return countOf(target, able);
}

/** Returns how many of `total` containers a target selects. A percentage is rounded up and gives at least one. */
function countOf({ count, percent, all_but: spared }: Target, total: number): number {
  if (count !== undefined) return Math.min(count, total);
  if (percent !== undefined) return Math.min(total, Math.max(1, Math.ceil((percent / 100) * total)));
  if (spared !== undefined) return Math.max(0, total - spared);
  return total;
}

/**
 * Returns the members of `from` that a target selects, in their old order. The same `from` and seed give the same
 * result.
 */
export function draw<T>(from: readonly T[], target: Target, random: Random): readonly T[] {
  const count = countOf(target, from.length);
  if (count === from.length) return from;
  // Takes each member with probability (still to take) / (still to see). So every subset is equally likely (Knuth,
  // volume 2, algorithm S).
  let left = count;
  return from.filter((_, i) => {
    const taken = random() * (from.length - i) < left;
    if (taken) left -= 1;
    return taken;
  });
}

/** Returns a target for people: "2 of app, drawn by the seed", "primary of postgres", "app replica 1". */
export function describeTarget({ service, role, replica, count, percent, all_but: spared }: Target): string {
  const base = role === undefined ? service : `${role} of ${service}`;
  if (replica !== undefined) return `${base} replica ${replica}`;
  if (count !== undefined) return `${count} of ${base}, drawn by the seed`;
  if (percent !== undefined) return `${percent} % of ${base}, drawn by the seed`;
  if (spared !== undefined) return `all but ${spared} of ${base}, drawn by the seed`;
  return base;
}
