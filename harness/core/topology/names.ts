import { containerName } from './aim.ts';
import type { ServiceSpec, TopologySpec } from './spec.ts';

/** The names of the containers of each service, by replica. */
export type ContainerNames = Readonly<Record<string, readonly string[]>>;

/** A container with its service, as the engine lists it: by service and by replica. */
interface Listed {
  readonly name: string;
  readonly service: string;
}

/** Returns the description with the names in the engine. A service that lacks a container keeps its old names. */
export function named(spec: TopologySpec, listed: readonly Listed[]): TopologySpec {
  const there = Map.groupBy(listed, ({ service }) => service);
  const names = Object.values(spec.services).flatMap(({ name, replicas }): [string, string[]][] => {
    const found = (there.get(name) ?? []).map((container) => container.name);
    return found.length < replicas ? [] : [[name, found.slice(0, replicas)]];
  });
  return withNames(spec, Object.fromEntries(names));
}

/** Returns the description with these names, or the same object when it says them already. */
export function withNames(spec: TopologySpec, names: ContainerNames): TopologySpec {
  const other = Object.entries(names).filter(([service, own]) =>
    own.some((name, i) => name !== containerName(spec, service, i + 1)),
  );
  if (other.length === 0) return spec;
  const services = other.flatMap(([name, containers]): [string, ServiceSpec][] => {
    const service = spec.services[name];
    return service === undefined ? [] : [[name, { ...service, containers }]];
  });
  return { ...spec, services: { ...spec.services, ...Object.fromEntries(services) } };
}

/** Returns the names in which `now` differs from `before`. */
export const namesSince = (before: TopologySpec, now: TopologySpec): ContainerNames =>
  Object.fromEntries(
    Object.values(now.services).flatMap(({ name, containers }) =>
      containers === undefined || containers.every((own, i) => own === containerName(before, name, i + 1))
        ? []
        : [[name, containers]],
    ),
  );
