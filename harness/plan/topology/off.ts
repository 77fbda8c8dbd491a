import { sharedValueOf, type Source } from '../source/source.ts';
import { mapOf } from '../source/map.ts';
import type { Block, Composed } from './shape.ts';

/** Returns the services that Compose leaves out because their profile is not active. */
export const servicesOff = (sources: readonly Source[], { services }: Composed): readonly string[] =>
  sources
    .flatMap((source) => Object.entries(mapOf(mapOf(sharedValueOf(source))['services'])))
    .filter(([name, service]) => services[name] === undefined && 'profiles' in mapOf(service))
    .map(([name]) => name);

/** Returns the block without the services that are off, so that one file serves with a profile and without it. */
export function withoutOff(x: Block, off: readonly string[]): Block {
  const isOn = (name: string): boolean => !off.includes(name);
  const groups = Object.entries(x.groups).map(([group, members]) => [group, members.filter(isOn)] as const);
  const groupsOn = groups.filter(([, members]) => members.length > 0);
  const services = Object.entries(x.services).map(([name, { consumer, follows, ...rest }]) => {
    const noticed = consumer === undefined || !isOn(consumer) ? {} : { consumer };
    const following = groupsOn.some(([group]) => group === follows) ? { follows } : {};
    return [name, { ...rest, ...noticed, ...following }] as const;
  });
  const links = Object.entries(x.links).filter(([, { from, to }]) => isOn(from) && isOn(to));
  const { hops } = x;
  return {
    ...x,
    metrics: x.metrics.filter(isOn),
    hops:
      hops !== undefined && Object.values(hops).every((service) => service === undefined || isOn(service))
        ? hops
        : undefined,
    groups: Object.fromEntries(groupsOn),
    roles: Object.fromEntries(Object.entries(x.roles).filter(([group]) => groupsOn.some(([name]) => name === group))),
    services: Object.fromEntries(services),
    links: Object.fromEntries(links),
  };
}
