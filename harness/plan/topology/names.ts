import type { Path } from '../../core/plan/mismatch.ts';
import { behind } from './addresses.ts';
import type { Composed } from './shape.ts';

export interface UnknownName {
  readonly path: Path;
  readonly message: string;
  readonly known: readonly string[];
  /** What to write instead, where no known name is meant. */
  readonly hint?: string;
}

/**
 * Returns the names in the x-chaos block that no service or group has, and the names that both a service and a group
 * have. `off`: see `servicesOff`.
 */
export function unknownNames({ services, 'x-chaos': x }: Composed, off: readonly string[]): UnknownName[] {
  const names = [...Object.keys(services), ...off];
  const groups = Object.keys(x.groups);
  const found: UnknownName[] = [];
  const must = (name: string, known: readonly string[], path: Path): void => {
    if (!known.includes(name))
      found.push({ path: [...path, name], message: `there is no service "${name}" in the compose file`, known });
  };
  for (const [group, members] of Object.entries(x.groups)) {
    members.forEach((member, i) => must(member, names, ['x-chaos', 'groups', group, i]));
    if (names.includes(group))
      found.push({
        path: ['x-chaos', 'groups', group],
        message: `"${group}" is the name of a service and of a group`,
        hint: 'Rename one of them: a fault that names it would not know which is meant.',
        known: [],
      });
  }
  for (const group of Object.keys(x.roles)) {
    if (groups.includes(group)) continue;
    found.push({
      path: ['x-chaos', 'roles', group],
      message: `there is no group "${group}" in x-chaos`,
      known: groups,
    });
  }
  for (const [service, { consumer, follows }] of Object.entries(x.services)) {
    must(service, names, ['x-chaos', 'services']);
    if (consumer !== undefined) must(consumer, names, ['x-chaos', 'services', service, 'consumer']);
    if (follows === undefined) continue;
    const path = ['x-chaos', 'services', service, 'follows', follows];
    if (!groups.includes(follows))
      found.push({ path, message: `there is no group "${follows}" in x-chaos`, known: groups });
    if (x.groups[follows]?.includes(service) === true)
      found.push({
        path,
        message: `"${service}" is a member of the group "${follows}", and follows it too`,
        hint: 'Take it out of the group when it never becomes the primary. Else remove "follows".',
        known: [],
      });
  }
  for (const [name, { from, to }] of Object.entries(x.links)) {
    must(from, names, ['x-chaos', 'links', name, 'from']);
    must(to, [...names, ...groups], ['x-chaos', 'links', name, 'to']);
  }
  // Nobody knows the ports of a service that is off.
  if (x.tls !== undefined && off.length === 0 && behind(services, x.tls.entry) === undefined)
    found.push({
      path: ['x-chaos', 'tls', 'entry'],
      message: `no service publishes the port of the entry over TLS (${x.tls.entry})`,
      hint: "Publish it: ports: ['127.0.0.1:18443:443']. Its files are looked for in the service that publishes it.",
      known: [],
    });
  x.metrics.forEach((service, i) => must(service, names, ['x-chaos', 'metrics', i]));
  for (const [hop, service] of Object.entries(x.hops ?? {}))
    if (service !== undefined) must(service, names, ['x-chaos', 'hops', hop]);
  for (const service of Object.keys(x.autoscale ?? {})) must(service, names, ['x-chaos', 'autoscale']);
  for (const [server, { pools }] of Object.entries(x.connections ?? {})) {
    must(server, [...names, ...groups], ['x-chaos', 'connections']);
    for (const service of Object.keys(pools)) must(service, names, ['x-chaos', 'connections', server, 'pools']);
  }
  return found;
}
