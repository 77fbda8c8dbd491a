import type { Random } from './random.ts';
import type { Target, TopologySpec } from './topology.ts';

/** Services that a target may mean: the members of a group, or the service itself. */
export const servicesOf = (spec: TopologySpec, { service }: Pick<Target, 'service'>): readonly string[] =>
  spec.groups[service] ?? [service];

/** As Compose names the container of a service's replica (1-based). */
export const containerName = (spec: TopologySpec, service: string, replica: number): string =>
  `${spec.project}-${service}-${replica}`;

/** Whether Compose names a container of that service so. */
export const isContainerOf = (name: string, project: string, service: string): boolean =>
  name.startsWith(`${project}-${service}-`) && /^\d+$/.test(name.slice(project.length + service.length + 2));

/** Services that a name means: of a group, of a service, or of a container of one. */
export const servicesMeant = (spec: TopologySpec, name: string): readonly string[] =>
  spec.groups[name] ?? Object.keys(spec.services).filter((s) => s === name || isContainerOf(name, spec.project, s));

/** Whether a container is meant by the name of its group, of its service, or by its own. */
export const isMeant = (spec: TopologySpec, name: string, container: string): boolean =>
  name === container || servicesOf(spec, { service: name }).some((s) => isContainerOf(container, spec.project, s));

/** Every name by which containers may be meant, their own at the end. */
export const serverNames = (spec: TopologySpec): readonly string[] => {
  const services = Object.keys(spec.services);
  return [...Object.keys(spec.groups), ...services, ...services.flatMap((service) => candidates(spec, { service }))];
};

/** Every container that a target may mean before anybody has looked: by service and replica, in their order. */
export const candidates = (spec: TopologySpec, target: Target): readonly string[] =>
  servicesOf(spec, target).flatMap((service) =>
    Array.from({ length: spec.services[service]?.replicas ?? 1 }, (_, i) => i + 1)
      .filter((replica) => target.replica === undefined || target.replica === replica)
      .map((replica) => containerName(spec, service, replica)),
  );

/** How many of so many a target means. A percentage is rounded up: "some" is never none. */
function countOf({ count, percent, all_but: spared }: Target, of: number): number {
  if (count !== undefined) return Math.min(count, of);
  if (percent !== undefined) return Math.min(of, Math.max(1, Math.ceil((percent / 100) * of)));
  if (spared !== undefined) return Math.max(0, of - spared);
  return of;
}

/** Those that a target means, drawn by the seed and in their old order. The same candidates and seed give the same. */
export function draw<T>(from: readonly T[], target: Target, random: Random): readonly T[] {
  const wanted = countOf(target, from.length);
  if (wanted === from.length) return from;
  // Each in turn with the chance that is left for it (Knuth, volume 2, algorithm S): every subset is as likely.
  let left = wanted;
  return from.filter((_, i) => {
    const taken = random() * (from.length - i) < left;
    if (taken) left -= 1;
    return taken;
  });
}

/** "2 of app, drawn by the seed", "primary of postgres", "app replica 1". */
export function describeTarget({ service, role, replica, count, percent, all_but: spared }: Target): string {
  const base = role === undefined ? service : `${role} of ${service}`;
  if (replica !== undefined) return `${base} replica ${replica}`;
  if (count !== undefined) return `${count} of ${base}, drawn by the seed`;
  if (percent !== undefined) return `${percent} % of ${base}, drawn by the seed`;
  if (spared !== undefined) return `all but ${spared} of ${base}, drawn by the seed`;
  return base;
}
