import { z } from 'zod';
import type { Reading, Selection, Series } from '../../core/kinds/series.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { Role } from '../../core/topology/spec.ts';

/** Milliseconds between two readings: roles are read at each change and with each second of the load. */
export const ROLES_MS = 1_000;

export const group: Selection = {
  schema: z.string().meta({ description: 'A group of the topology', examples: ['postgres'] }),
  refers: (of) => ({ group: of }),
};

/** Roles are recorded only when they change. In between, each second of the load gives the same reading again. */
function ofGroup(group: string, members: number, role: Role) {
  const roles = new Map<string, string>();
  return (event: RunEvent): readonly Reading[] => {
    if (event.kind === 'role' && event.group === group) roles.set(event.member, event.role);
    else if (event.kind !== 'load') return [];
    if (roles.size === 0 || roles.size < members) return [];
    return [{ labels: { group }, value: [...roles.values()].filter((now) => now === role).length }];
  };
}

/** Reads how many members of the selected groups say that they have a role. Each group is one line. */
export const membersThatAre =
  (role: Role): Series['read'] =>
  (of, { groups }) => {
    const named = of === undefined ? Object.keys(groups) : [of];
    const each = named.map((group) => ofGroup(group, groups[group]?.length ?? 0, role));
    return (event) => each.flatMap((read) => read(event));
  };
