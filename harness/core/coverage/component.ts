import type { Aims } from '../kinds/fault.ts';
import type { Role, TopologySpec } from '../topology/spec.ts';

/**
 * A part of a topology that a fault can be aimed at. The members of a group have roles, and roles move from member to
 * member. So a group is three components: all members together, and each of its two roles.
 */
export type Component =
  | { readonly kind: 'service' | 'group' | 'link'; readonly name: string }
  | { readonly kind: 'role'; readonly name: string; readonly group: string; readonly role: Role };

const ROLES: readonly Role[] = ['primary', 'standby'];

/** "primary of postgres" */
const roleName = (role: Role, group: string): string => `${role} of ${group}`;

/** Returns every component of a topology: services, groups with their roles, links. */
export const componentsOf = ({ services, groups, links }: TopologySpec): readonly Component[] => [
  ...Object.keys(services).map((name): Component => ({ kind: 'service', name })),
  ...Object.keys(groups).flatMap((group): Component[] => [
    ...ROLES.map((role): Component => ({ kind: 'role', name: roleName(role, group), group, role })),
    { kind: 'group', name: group },
  ]),
  ...Object.keys(links).map((name): Component => ({ kind: 'link', name })),
];

/** Returns the name of the component that a fault is aimed at. Undefined when the fault is aimed at none. */
export function componentOf({ link, target }: Aims, { groups }: TopologySpec): string | undefined {
  if (link !== undefined) return link;
  if (target === undefined) return undefined;
  const { service, role } = target;
  return role === undefined || groups[service] === undefined ? service : roleName(role, service);
}
