import { boundFault, type BoundFault, type Fault } from '../kinds/fault.ts';
import type { Known } from '../kinds/known.ts';
import { kindOf } from '../kinds/step.ts';
import type { PlannedFault } from '../plan/plan.ts';
import type { TopologySpec } from '../topology/spec.ts';
import type { Component } from './component.ts';

/** A fault aimed at a component: its parameters as a person writes them. Or the reason why it cannot be, in words. */
export type Aimed =
  | { readonly is: 'aimed'; readonly written: Readonly<Record<string, unknown>>; readonly bound: BoundFault }
  | { readonly is: 'not'; readonly why: string };

type Written = Readonly<Record<string, unknown>>;

const not = (why: string): Aimed => ({ is: 'not', why });

/**
 * Aims a fault at a component: the fault's example, with another target. What `chaos validate` would refuse is not
 * applicable, and its message is the reason.
 */
export function aimAt(
  fault: Fault,
  component: Component,
  spec: TopologySpec,
  known: Pick<Known, 'faults' | 'steps'>,
): Aimed {
  const { onLinks } = madeFor(fault);
  if (onLinks !== (component.kind === 'link'))
    return not(onLinks ? `${fault.name} breaks links, and this is none` : `${fault.name} breaks no link`);
  const why = component.kind === 'link' ? undefined : (homeless(fault, component, spec) ?? idle(component, spec));
  if (why !== undefined) return not(why);
  const written = aimed(fault, component, spec);
  if (typeof written === 'string') return not(written);
  const bound = bind(fault, written);
  if (bound === undefined) return not(`${fault.name} cannot be aimed at ${component.name}`);
  const hits = bound.aims.target?.role;
  if (component.kind !== 'link' && hits !== (component.kind === 'role' ? component.role : undefined))
    return not(
      hits === undefined ? `${fault.name} hits all members of a group` : `${fault.name} hits the ${hits} only`,
    );
  const refused = refusal(fault, written, spec, known);
  return refused === undefined ? { is: 'aimed', written, bound } : not(refused);
}

function bind(fault: Fault, written: Written): BoundFault | undefined {
  const { data, success } = fault.params.safeParse(written);
  return success ? fault.bind(data) : undefined;
}

/** What the example of a fault says about its targets. */
interface MadeFor {
  readonly onLinks: boolean;
  /** The service of a fault that needs no `service`. */
  readonly service: string | undefined;
}

/** There are a thousand cells, and each asks. */
const made = new WeakMap<Fault, MadeFor>();

function madeFor(fault: Fault): MadeFor {
  const known = made.get(fault);
  if (known !== undefined) return known;
  const example = fault.example as Written;
  const found = {
    onLinks: bind(fault, example)?.aims.link !== undefined,
    service: bind(fault, leavingOut(example, 'service'))?.aims.target?.service,
  };
  made.set(fault, found);
  return found;
}

/** A fault that needs no `service` is made for one service. Returns why that is not this component. */
function homeless(fault: Fault, component: Component, spec: TopologySpec): string | undefined {
  const { service: home } = madeFor(fault);
  if (home === undefined) return undefined;
  const isThere = spec.services[home] !== undefined || spec.groups[home] !== undefined;
  const homes = isThere ? [home] : stand(fault, spec);
  const name = component.kind === 'role' ? component.group : component.name;
  if (homes.includes(name)) return undefined;
  return homes.length === 0
    ? `${fault.name} is made for ${home}, which this topology does not have`
    : `${fault.name} is made for ${homes.join(' and ')}`;
}

/** The services and groups that stand in for the service that a fault is made for, in a topology with other names. */
const stand = ({ requires = [] }: Fault, { redisService, groups }: TopologySpec): readonly string[] => [
  ...(requires.includes('redis') && redisService !== undefined ? [redisService] : []),
  ...(requires.includes('roles') ? Object.keys(groups) : []),
];

/** Returns why no fault is tried at a service: it ends by itself, or it is a member whose role moves. */
function idle({ kind, name }: Component, { services }: TopologySpec): string | undefined {
  const service = kind === 'service' ? services[name] : undefined;
  if (service?.oneShot === true) return `${name} ends by itself when its work is done`;
  if (service?.group === undefined) return undefined;
  return `${name} is a member of ${service.group}, and roles move: see the primary and the standby of ${service.group}`;
}

/** Returns the parameters with this component as their target. Returns a text when they cannot have it. */
function aimed(fault: Fault, component: Component, spec: TopologySpec): Written | string {
  const example = fault.example as Written;
  if (component.kind === 'link') return { ...example, link: component.name };
  const { from, ...rest } = leavingOut(
    example,
    'service',
    'role',
    ...(component.kind === 'service' ? [] : ['replica']),
  );
  const service = component.kind === 'role' ? component.group : component.name;
  // The peer in the example belongs to the target in the example.
  const peer = from === undefined ? undefined : consumerOf(service, spec);
  if (from !== undefined && (peer === undefined || peer === service)) return `nobody is known to use ${service}`;
  const own = { ...rest, ...(peer === undefined ? {} : { from: peer }) };
  const target = { service, ...own };
  if (component.kind !== 'role') return target;
  const withRole = { service, role: component.role, ...own };
  return fault.params.safeParse(withRole).success ? withRole : target;
}

const consumerOf = (name: string, { services, groups }: TopologySpec): string | undefined =>
  services[groups[name]?.[0] ?? name]?.consumer;

const leavingOut = (map: Written, ...keys: readonly string[]): Written =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

/** Returns the first message of `chaos validate` about the fault; undefined when it has none. */
function refusal(
  { name, params }: Fault,
  written: Written,
  topology: TopologySpec,
  { faults, steps }: Pick<Known, 'faults' | 'steps'>,
): string | undefined {
  const step: PlannedFault = { id: name, fault: name, params: params.parse(written), at: 0, for: undefined };
  const fault = (planned: PlannedFault): BoundFault | undefined => boundFault(faults, planned);
  const surroundings = { path: ['faults', 0, name], topology, repeated: false, fault };
  return kindOf(step, steps).mismatches?.(step, surroundings)[0]?.message;
}
