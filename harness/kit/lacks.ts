import type { BoundFault } from '../core/kinds/fault.ts';
import type { Mismatch, Path } from '../core/plan/mismatch.ts';
import { servicesOf } from '../core/topology/aim.ts';
import { type Capability, describeLack, lacking, type Requirement } from '../core/topology/capability.ts';
import type { TopologySpec } from '../core/topology/spec.ts';

/** A fault, a check, a stop condition or the condition of a wait: its name and what it needs. */
interface Needy {
  readonly name: string;
  readonly requires?: readonly Requirement[] | undefined;
}

const lack = (what: string, missing: readonly Capability[], path: Path): Mismatch => {
  const { what: message, hint } = describeLack(what, missing);
  return { path, code: 'CHAOS_LACKS', message, hint };
};

/** Returns a mistake at `path` when the topology lacks any of `requires`. */
export function lacks(topology: TopologySpec | undefined, { name, requires }: Needy, path: Path): Mismatch[] {
  const missing = topology === undefined ? [] : lacking(topology, requires);
  return missing.length === 0 ? [] : [lack(`"${name}"`, missing, path)];
}

/**
 * Does the same as `lacks`, for a fault. When it needs `packets`, each target must have a network of its own. When it
 * needs `certificate`, the target must serve the entry over TLS.
 */
export function faultLacks(topology: TopologySpec, fault: BoundFault, path: Path): Mismatch[] {
  const found = lacks(topology, fault, path);
  const { target } = fault.aims;
  if (found.length > 0 || target === undefined) return found;
  const services = servicesOf(topology, target);
  const without: Readonly<Partial<Record<Requirement, string | undefined>>> = {
    packets: services.find((name) => topology.services[name]?.networks?.length === 0),
    certificate: services.find((name) => name !== topology.tls?.service),
  };
  return (['packets', 'certificate'] as const).flatMap((capability) => {
    const service = fault.requires?.includes(capability) === true ? without[capability] : undefined;
    return service === undefined ? [] : [lack(`"${fault.name}" of ${service}`, [capability], [...path, 'service'])];
  });
}
